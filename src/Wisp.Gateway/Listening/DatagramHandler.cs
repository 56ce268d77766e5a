namespace Wisp.Gateway.Listening;

/// <summary>Takes a datagram, which is somebody else's memory afterwards. It must not wait: the port hears nothing meanwhile.</summary>
/// <param name="from">Who sent it.</param>
/// <param name="datagram">What it says.</param>
internal delegate void DatagramHandler(Correspondent from, ReadOnlySpan<byte> datagram);
