using Microsoft.Extensions.Logging;

namespace Wisp.Daemon;

/// <summary>Log messages of the daemon itself; event ids 1000–1099.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(1000, LogLevel.Information, "{Step}")]
    public static partial void Preparing(this ILogger logger, string step);

    [LoggerMessage(1001, LogLevel.Information, "Accelerator: {Accelerator}. {Reason}")]
    public static partial void Accelerator(this ILogger logger, string accelerator, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Serving {Endpoint} from {DataDirectory}")]
    public static partial void Serving(this ILogger logger, string endpoint, string dataDirectory);

    [LoggerMessage(1003, LogLevel.Information, "Stopping; machines run on")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(1004, LogLevel.Information, "Making room for a new wispd; machines run on, and who connects waits for it")]
    public static partial void Replacing(this ILogger logger);
}
