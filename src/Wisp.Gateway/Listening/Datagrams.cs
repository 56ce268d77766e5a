using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Wisp.Gateway.Listening;

/// <summary>Datagrams that leave from the address that the other side knows, where a socket has several (ip(7), IP_PKTINFO).</summary>
internal static unsafe partial class Datagrams
{
    private const int PacketInfo4 = 8, Ipv6 = 41, PacketInfo6 = 50, ControlHead = 16;
    private const int DontWait = 0x40, NoSignal = 0x4000;

    /// <summary>Sends one; false where it could not leave at once, and is lost.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="datagram">What it says.</param>
    /// <param name="to">Where to.</param>
    /// <param name="from">From which of the socket's addresses, of its family; null is the one that it is bound to.</param>
    public static bool TrySend(SafeHandle socket, ReadOnlySpan<byte> datagram, SocketAddress to, IPAddress? from)
    {
        Span<byte> control = stackalloc byte[40];
        control = control[..Describe(from, control)];
        fixed (byte* data = datagram)
        fixed (byte* name = to.Buffer.Span)
        fixed (byte* info = control)
        {
            var vector = new IoVector { Base = data, Length = (nuint)datagram.Length };
            var header = new MessageHeader
            {
                Name = name, NameLength = (uint)to.Size, Vectors = &vector, VectorCount = 1, Control = info, ControlLength = (nuint)control.Length,
            };
            // SAFETY: everything the header points to is pinned or on this stack through the call.
            return sendmsg(socket, &header, DontWait | NoSignal) == datagram.Length;
        }
    }

    // struct cmsghdr: length (8), level (4), type (4); then struct in_pktinfo or in6_pktinfo, padded to eight bytes.
    private static int Describe(IPAddress? from, Span<byte> control)
    {
        control.Clear();
        if (from is null)
        {
            return 0;
        }

        var (level, type, size, at) = from.AddressFamily == AddressFamily.InterNetworkV6 ? (Ipv6, PacketInfo6, 20, 0) : ((int)SocketOptionLevel.IP, PacketInfo4, 12, 4);
        BinaryPrimitives.WriteInt64LittleEndian(control, ControlHead + size);
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], level);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], type);
        from.TryWriteBytes(control[(ControlHead + at)..], out _);
        return (ControlHead + size + 7) & ~7;
    }

    /// <summary>struct iovec.</summary>
    internal struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr on 64-bit Linux.</summary>
    internal struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(SafeHandle socket, MessageHeader* message, int flags);
}
