namespace Wisp.Gateway;

/// <summary>What the gateway counts that is no service's.</summary>
/// <param name="Unrouted">Requests and connections that there was no service for.</param>
/// <param name="RefusedConnections">Connections that were closed at once, because as many were open as may be.</param>
/// <param name="AccessLogLines">Lines of the access log that were written.</param>
/// <param name="AccessLogDropped">Lines that were not, because too many came at once or the file could not be written.</param>
public sealed record GatewayTraffic(long Unrouted, long RefusedConnections, long AccessLogLines, long AccessLogDropped);
