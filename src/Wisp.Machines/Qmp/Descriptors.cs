using System.Net.Sockets;
using System.Runtime.InteropServices;
using Wisp.Sockets;

namespace Wisp.Machines.Qmp;

/// <summary>File descriptors on their way to another process (unix(7), SCM_RIGHTS).</summary>
internal static unsafe partial class Descriptors
{
    /// <summary>SCM_MAX_FD: what one message can carry.</summary>
    public const int MostPerMessage = 253;

    private const int SolSocket = 1, ScmRights = 1;

    /// <summary>Sends a message with descriptors.</summary>
    /// <exception cref="SocketException">The peer is gone or does not read.</exception>
    public static void Send(SafeHandle socket, ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors)
    {
        var numbers = MemoryMarshal.AsBytes(descriptors);
        Span<byte> control = stackalloc byte[SocketMessage.ControlSpace(numbers.Length)];
        SocketMessage.WriteControl(control, SolSocket, ScmRights, numbers);
        if (SocketMessage.Send(socket, message, control) != message.Length)
        {
            throw new SocketException(Marshal.GetLastPInvokeError(), "cannot hand over descriptors");
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);
}
