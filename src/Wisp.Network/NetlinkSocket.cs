using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Network;

/// <summary>A socket to the kernel (netlink(7)).</summary>
internal sealed unsafe partial class NetlinkSocket : IDisposable
{
    private const int Netlink = 16, Raw = 3 | 0x80000;

    private readonly SafeFileHandle _socket;

    private NetlinkSocket(SafeFileHandle socket) => _socket = socket;

    /// <summary>Opens one.</summary>
    /// <param name="family">Which part of the kernel it leads to, NETLINK_…</param>
    /// <exception cref="IOException">The kernel has none, or no descriptors are left.</exception>
    public static NetlinkSocket Open(int family)
    {
        // SAFETY: three integers.
        var opened = new SafeFileHandle(socket(Netlink, Raw, family), ownsHandle: true);
        return opened.IsInvalid ? throw new IOException($"open a netlink socket: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}") : new NetlinkSocket(opened);
    }

    /// <summary>Sends a message.</summary>
    /// <returns>0, or an errno.</returns>
    public int Send(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            // SAFETY: the message is pinned for the call and its length is given.
            return send(_socket, bytes, (nuint)message.Length, 0) == message.Length ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Waits for messages.</summary>
    /// <returns>How many bytes they have, or an errno below 0.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            // SAFETY: the buffer is pinned for the call and its length is given.
            var length = (int)recv(_socket, bytes, (nuint)buffer.Length, 0);
            return length < 0 ? -Marshal.GetLastPInvokeError() : length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeHandle socket, byte* bytes, nuint length, int flags);
}
