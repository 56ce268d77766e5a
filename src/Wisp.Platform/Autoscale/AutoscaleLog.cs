using Microsoft.Extensions.Logging;

namespace Wisp.Platform.Autoscale;

/// <summary>Log messages of autoscale; event ids 2500–2599.</summary>
internal static partial class AutoscaleLog
{
    [LoggerMessage(2500, LogLevel.Information, "Service group {Name} ({Uuid}) gets {Create} instances and loses {Remove}: {Reason}")]
    public static partial void Scales(this ILogger logger, string name, Guid uuid, int create, int remove, string reason);

    [LoggerMessage(2501, LogLevel.Warning, "Service group {Name} ({Uuid}) cannot be scaled: {Error}")]
    public static partial void NotScaled(this ILogger logger, string name, Guid uuid, WispError error);

    [LoggerMessage(2502, LogLevel.Critical, "Autoscale has ended; no group is scaled until wispd starts again")]
    public static partial void ScalingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2503, LogLevel.Warning, "Service group {Group} ({Uuid}): instance {Instance} ended by itself")]
    public static partial void Ended(this ILogger logger, string group, Guid uuid, string instance);

    [LoggerMessage(2504, LogLevel.Warning, "Service group {Group} ({Uuid}): instance {Instance} ended by itself; none is made for {Seconds} s")]
    public static partial void EndedEarly(this ILogger logger, string group, Guid uuid, string instance, double seconds);
}
