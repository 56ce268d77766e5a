using Microsoft.Extensions.Logging;

namespace Wisp.Platform;

/// <summary>Log messages of the platform as a whole; event ids 2100–2199.</summary>
internal static partial class PlatformLog
{
    [LoggerMessage(2100, LogLevel.Error, "Service group {Name} is not published: {Error}")]
    public static partial void NotPublished(this ILogger logger, string name, WispError error);

    [LoggerMessage(2101, LogLevel.Error, "Deleting snapshots that nothing needs failed: {Error}")]
    public static partial void NotCollected(this ILogger logger, WispError error);

    [LoggerMessage(2102, LogLevel.Error, "Snapshot {Uuid} cannot be deleted: {Error}")]
    public static partial void NotDeleted(this ILogger logger, Guid uuid, WispError error);

    [LoggerMessage(2103, LogLevel.Error, "Watching the host's memory failed")]
    public static partial void PressureFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2104, LogLevel.Information, "The host has {Available} bytes of memory to spare, less than {Low}: instance {Name}, which sleeps longest, goes to disk")]
    public static partial void LowMemory(this ILogger logger, long available, long low, string name);

    [LoggerMessage(2105, LogLevel.Error, "Background work failed")]
    public static partial void WorkFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2106, LogLevel.Error, "What happened cannot be written down for the audit stream: {Error}")]
    public static partial void AuditNotWritten(this ILogger logger, WispError error);

    [LoggerMessage(2110, LogLevel.Error, "Certificate {Name} cannot be read any more, its domains get one of the node's authority: {Error}")]
    public static partial void CertificateUnreadable(this ILogger logger, string name, WispError error);

    [LoggerMessage(2111, LogLevel.Information, "{Host} has a certificate of {Issuer} until {NotAfter:u}, to be renewed on {Renewal:u}")]
    public static partial void Issued(this ILogger logger, string host, string issuer, DateTimeOffset notAfter, DateTimeOffset renewal);

    [LoggerMessage(2112, LogLevel.Warning, "{Host} got no certificate in attempt {Attempt}, the next is at {Next:u}: {Error}")]
    public static partial void NotIssued(this ILogger logger, string host, int attempt, DateTimeOffset next, WispError error);

    [LoggerMessage(2113, LogLevel.Error, "What is known of the automatic certificate {Name} cannot be written down: {Error}")]
    public static partial void AutomaticNotWritten(this ILogger logger, string name, WispError error);

    [LoggerMessage(2114, LogLevel.Information, "Nobody has the domain {Host} any more, so its automatic certificate {Name} is gone")]
    public static partial void AutomaticGone(this ILogger logger, string host, string name);

    [LoggerMessage(2115, LogLevel.Warning, "{Host} gets no automatic certificate: its account has {Most}, the most there may be")]
    public static partial void AutomaticTooMany(this ILogger logger, string host, int most);
}
