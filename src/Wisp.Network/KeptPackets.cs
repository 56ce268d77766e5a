using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Network;

/// <summary>Packets that waited for a guest which is somebody else when it begins to run: read off its tap, and sent to it again once it is who it shall be.</summary>
internal static unsafe partial class KeptPackets
{
    private const int Most = 256, PacketFamily = 17, Raw = 3 | 0x80000, PacketLevel = 263, VnetHeader = 15, HeaderLength = 10;
    private const nuint GetHeaderLength = 0x800454D7;

    /// <summary>Reads what waits, each packet behind its struct virtio_net_hdr. What is too much is dropped, as any queue does.</summary>
    public static IReadOnlyList<byte[]> Read(SafeFileHandle tap)
    {
        var packets = new List<byte[]>();
        var length = HeaderLength;
        // SAFETY: the kernel writes an int.
        _ = ioctl(tap, GetHeaderLength, &length);
        var buffer = new byte[ushort.MaxValue + 256];
        fixed (byte* start = buffer)
        {
            while (packets.Count < Most)
            {
                // SAFETY: the buffer is pinned for the call and its length is given; the descriptor does not block.
                var read = (int)Native.read(tap, start, (nuint)buffer.Length);
                if (read <= length)
                {
                    break;
                }

                // Longer headers begin as the shortest does.
                packets.Add([.. buffer[..HeaderLength], .. buffer[length..read]]);
            }
        }

        return packets;
    }

    /// <summary>Sends them into an interface, in their order.</summary>
    /// <exception cref="IOException">The interface is gone, or the kernel refuses.</exception>
    public static void Send(string device, IReadOnlyList<byte[]> packets)
    {
        var on = 1;
        // struct sockaddr_ll: family, protocol, index, and what is not looked at; 20 bytes.
        var address = stackalloc byte[20];
        new Span<byte>(address, 20).Clear();
        *(ushort*)address = PacketFamily;
        *(uint*)(address + 4) = if_nametoindex(device);
        // SAFETY: integers, an int, and a structure on this stack whose length is given. Protocol 0 hears nothing.
        using var socket = new SafeFileHandle(Native.socket(PacketFamily, Raw, 0), ownsHandle: true);
        if (socket.IsInvalid || setsockopt(socket, PacketLevel, VnetHeader, &on, sizeof(int)) != 0 || bind(socket, address, 20) != 0)
        {
            throw new IOException($"send to {device}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        foreach (var packet in packets)
        {
            fixed (byte* start = packet)
            {
                // SAFETY: the packet is pinned for the call. One that is refused is lost, as on any wire.
                _ = send(socket, start, (nuint)packet.Length, 0);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeHandle file, nuint request, int* argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeHandle socket, int level, int option, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(SafeHandle socket, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* bytes, nuint length, int flags);

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        public static partial nint read(SafeHandle file, byte* buffer, nuint count);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint socket(int domain, int type, int protocol);
    }
}
