namespace Wisp.Gateway;

/// <summary>What the gateway counts that is no service's.</summary>
/// <param name="Unrouted">Requests and connections that there was no service for.</param>
/// <param name="AccessLogLines">Lines of the access log that were written.</param>
/// <param name="AccessLogDropped">Lines that were not, because too many came at once or the file could not be written.</param>
public sealed record GatewayTraffic(long Unrouted, long AccessLogLines, long AccessLogDropped);
