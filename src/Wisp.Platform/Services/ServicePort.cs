namespace Wisp.Platform.Services;

/// <summary>One published port.</summary>
/// <param name="Port">Port on the host, 1–65535.</param>
/// <param name="DestinationPort">Port in the instance, 1–65535.</param>
/// <param name="Handlers">What the gateway does with it.</param>
/// <param name="Ip">Host address to listen on; null is the node's default (loopback).</param>
/// <param name="Udp">True for UDP.</param>
public sealed record ServicePort(long Port, long DestinationPort, ServiceHandler Handlers, string? Ip = null, bool Udp = false);
