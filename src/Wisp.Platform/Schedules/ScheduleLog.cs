using Microsoft.Extensions.Logging;

namespace Wisp.Platform.Schedules;

/// <summary>Log messages about schedules; event ids 2200–2299.</summary>
internal static partial class ScheduleLog
{
    [LoggerMessage(2200, LogLevel.Information, "Instance {Name} ({Uuid}): schedule {Schedule} did its {Action}")]
    public static partial void Carried(this ILogger logger, string name, Guid uuid, string schedule, ScheduleAction action);

    [LoggerMessage(2201, LogLevel.Warning, "Instance {Name} ({Uuid}): schedule {Schedule} could not do its {Action} and stays: {Error}")]
    public static partial void NotCarried(this ILogger logger, string name, Guid uuid, string schedule, ScheduleAction action, WispError error);

    [LoggerMessage(2202, LogLevel.Error, "Instance {Name} ({Uuid}): schedule {Schedule} failed")]
    public static partial void Broke(this ILogger logger, Exception exception, string name, Guid uuid, string schedule);

    [LoggerMessage(2203, LogLevel.Warning, "Instance {Name} ({Uuid}): schedule {Schedule} was due at {Due:u} when nobody was there; it is carried out now, once")]
    public static partial void Missed(this ILogger logger, string name, Guid uuid, string schedule, DateTimeOffset due);

    [LoggerMessage(2204, LogLevel.Error, "Instance {Name} ({Uuid}): schedule {Schedule} is never carried out: {Error}")]
    public static partial void Unreadable(this ILogger logger, string name, Guid uuid, string schedule, WispError error);

    [LoggerMessage(2205, LogLevel.Error, "The schedules of this node are not carried out any more")]
    public static partial void RunnerFailed(this ILogger logger, Exception exception);
}
