using Microsoft.Extensions.Logging;

namespace Wisp.Certificates.Acme;

/// <summary>Log messages about authorities; event ids 2600–2699.</summary>
internal static partial class AcmeLog
{
    [LoggerMessage(2600, LogLevel.Warning, "A record of a challenge was left in the DNS: {Error}")]
    public static partial void RecordLeft(this ILogger logger, WispError error);
}
