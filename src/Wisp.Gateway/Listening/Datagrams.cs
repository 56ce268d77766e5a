using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Wisp.Sockets;

namespace Wisp.Gateway.Listening;

/// <summary>Datagrams that leave from the address that the other side knows, where a socket has several (ip(7), IP_PKTINFO).</summary>
internal static class Datagrams
{
    private const int PacketInfo4 = 8, Ipv6 = 41, PacketInfo6 = 50, DontWait = 0x40;

    /// <summary>Sends one; false where it could not leave at once, and is lost.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="datagram">What it says.</param>
    /// <param name="to">Where to.</param>
    /// <param name="from">From which of the socket's addresses, of its family; null is the one that it is bound to.</param>
    public static bool TrySend(SafeHandle socket, ReadOnlySpan<byte> datagram, SocketAddress to, IPAddress? from)
    {
        Span<byte> control = stackalloc byte[40];
        control = control[..Describe(from, control)];
        return SocketMessage.Send(socket, datagram, control, to.Buffer.Span[..to.Size], DontWait) == datagram.Length;
    }

    // struct in_pktinfo, whose address is between two others, or struct in6_pktinfo, which begins with it.
    private static int Describe(IPAddress? from, Span<byte> control)
    {
        if (from is null)
        {
            return 0;
        }

        var (level, type, size, at) = from.AddressFamily == AddressFamily.InterNetworkV6 ? (Ipv6, PacketInfo6, 20, 0) : ((int)SocketOptionLevel.IP, PacketInfo4, 12, 4);
        Span<byte> info = stackalloc byte[20];
        info.Clear();
        from.TryWriteBytes(info[at..], out _);
        control = control[..SocketMessage.ControlSpace(size)];
        SocketMessage.WriteControl(control, level, type, info[..size]);
        return control.Length;
    }
}
