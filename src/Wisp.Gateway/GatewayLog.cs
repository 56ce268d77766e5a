using System.Net;
using Microsoft.Extensions.Logging;

namespace Wisp.Gateway;

/// <summary>Log messages of the gateway; event ids 4000–4099.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(4000, LogLevel.Error, "Accepting on {EndPoint} failed; it is tried again")]
    public static partial void AcceptFailed(this ILogger logger, Exception exception, IPEndPoint endPoint);

    [LoggerMessage(4001, LogLevel.Warning, "Service {Service}: {Reason}")]
    public static partial void Refused(this ILogger logger, string service, WispError reason);

    [LoggerMessage(4002, LogLevel.Debug, "A connection of service {Service} broke: {Reason}")]
    public static partial void Broken(this ILogger logger, string service, string reason);

    [LoggerMessage(4003, LogLevel.Warning, "Service {Service}: instance {Instance} does not accept on port {Port}; others are asked until it does")]
    public static partial void TakenOut(this ILogger logger, string service, string instance, int port);

    [LoggerMessage(4004, LogLevel.Warning, "The access log {Target} cannot be written, and its lines are dropped until it can: {Reason}")]
    public static partial void AccessLogFailed(this ILogger logger, string target, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "Clients have {Most} connections open, as many as may be ('wispd serve --max-connections'); others are closed at once, {Refused} so far")]
    public static partial void ConnectionsRefused(this ILogger logger, int most, long refused);

    [LoggerMessage(4006, LogLevel.Warning, "Service {Service}: its user has {Most} connections without HTTP open, half of what may be ('wispd serve --max-connections'); others are closed at once")]
    public static partial void ConnectionsOfUserRefused(this ILogger logger, string service, int most);

    [LoggerMessage(4007, LogLevel.Error, "A connection to {EndPoint} could be neither let in nor refused; others are")]
    public static partial void AdmitFailed(this ILogger logger, Exception exception, IPEndPoint endPoint);
}
