namespace Wisp.Network;

/// <summary>What went through an interface since it was made, as the guest sees it.</summary>
/// <param name="ReceivedBytes">Bytes that the guest received.</param>
/// <param name="ReceivedPackets">Packets that it received.</param>
/// <param name="SentBytes">Bytes that it sent.</param>
/// <param name="SentPackets">Packets that it sent.</param>
public readonly record struct InterfaceTraffic(long ReceivedBytes, long ReceivedPackets, long SentBytes, long SentPackets);
