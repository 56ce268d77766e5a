using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>Why a datagram did not reach an instance: for the log, and for what is counted.</summary>
internal sealed record UdpLoss(WispError Reason, GatewayError Error);
