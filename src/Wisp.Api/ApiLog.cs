using Microsoft.Extensions.Logging;

namespace Wisp.Api;

/// <summary>Log messages of the API; event ids 5000–5099.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(5000, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    public static partial void Unexpected(this ILogger logger, Exception exception, string method, string? path);
}
