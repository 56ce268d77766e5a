using Microsoft.Extensions.Logging;

namespace Wisp.Platform;

/// <summary>Log messages of the platform as a whole; event ids 2100–2199.</summary>
internal static partial class PlatformLog
{
    [LoggerMessage(2100, LogLevel.Error, "Service group {Name} is not published: {Error}")]
    public static partial void NotPublished(this ILogger logger, string name, WispError error);

    [LoggerMessage(2101, LogLevel.Error, "Background work failed")]
    public static partial void WorkFailed(this ILogger logger, Exception exception);
}
