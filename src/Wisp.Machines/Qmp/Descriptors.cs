using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Wisp.Machines.Qmp;

/// <summary>File descriptors on their way to another process (unix(7), SCM_RIGHTS).</summary>
internal static unsafe partial class Descriptors
{
    /// <summary>SCM_MAX_FD: what one message can carry.</summary>
    public const int MostPerMessage = 253;

    private const int SolSocket = 1, ScmRights = 1, NoSignal = 0x4000;

    /// <summary>Sends a message with descriptors.</summary>
    /// <exception cref="SocketException">The peer is gone or does not read.</exception>
    public static void Send(SafeHandle socket, ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors)
    {
        // struct cmsghdr: length (8), level (4), type (4); then the numbers, padded to eight bytes.
        var length = 16 + (descriptors.Length * sizeof(int));
        Span<byte> control = stackalloc byte[(length + 7) & ~7];
        control.Clear();
        MemoryMarshal.Write(control, (nuint)length);
        MemoryMarshal.Write(control[8..], SolSocket);
        MemoryMarshal.Write(control[12..], ScmRights);
        MemoryMarshal.AsBytes(descriptors).CopyTo(control[16..]);
        fixed (byte* data = message)
        fixed (byte* rights = control)
        {
            var vector = new IoVector { Base = data, Length = (nuint)message.Length };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            // SAFETY: everything the header points to is pinned or on this stack through the call.
            if (sendmsg(socket, &header, NoSignal) != message.Length)
            {
                throw new SocketException(Marshal.GetLastPInvokeError(), "cannot hand over descriptors");
            }
        }
    }

    /// <summary>Two connected sockets that keep messages apart (SOCK_SEQPACKET); ours first.</summary>
    /// <exception cref="IOException">There are none to be had.</exception>
    public static (Socket Ours, SafeSocketHandle Theirs) Pair()
    {
        const int unix = 1, seqPacket = 5, closeOnExec = 0x80000;
        var pair = stackalloc int[2];
        // SAFETY: two integers are written.
        if (socketpair(unix, seqPacket | closeOnExec, 0, pair) != 0)
        {
            throw new IOException($"no socket pair (errno {Marshal.GetLastPInvokeError()})");
        }

        return (new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)), new SafeSocketHandle(pair[1], ownsHandle: true));
    }

    /// <summary>struct iovec.</summary>
    internal struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr on x86-64.</summary>
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);
}
