using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Wisp.Sockets;

/// <summary>Messages that carry more than bytes: control messages, and where they go to (sendmsg(2), cmsg(3)).</summary>
public static unsafe partial class SocketMessage
{
    private const int NoSignal = 0x4000;

    /// <summary>Size of struct cmsghdr, which begins a control message: length (8), level (4), type (4).</summary>
    public const int ControlHead = 16;

    /// <summary>Sends one.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="message">What it says.</param>
    /// <param name="control">Control messages, as <see cref="WriteControl"/> lays them out.</param>
    /// <param name="to">Where to; empty where the socket is connected.</param>
    /// <param name="flags">Beside MSG_NOSIGNAL.</param>
    /// <returns>How many bytes left; -1 where none did, and why is the last error of the system.</returns>
    public static nint Send(SafeHandle socket, ReadOnlySpan<byte> message, ReadOnlySpan<byte> control, ReadOnlySpan<byte> to = default, int flags = 0)
    {
        fixed (byte* data = message)
        fixed (byte* more = control)
        fixed (byte* name = to)
        {
            var vector = new IoVector { Base = data, Length = (nuint)message.Length };
            var header = new MessageHeader
            {
                Name = name, NameLength = (uint)to.Length, Vectors = &vector, VectorCount = 1, Control = more, ControlLength = (nuint)control.Length,
            };
            // SAFETY: everything the header points to is pinned or on this stack through the call.
            return sendmsg(socket, &header, NoSignal | flags);
        }
    }

    /// <summary>The room that a control message takes, padded to eight bytes.</summary>
    /// <param name="length">Bytes that it carries.</param>
    public static int ControlSpace(int length) => (ControlHead + length + 7) & ~7;

    /// <summary>Lays out a control message.</summary>
    /// <param name="control">Where, with the room that it takes.</param>
    /// <param name="level">Whose it is.</param>
    /// <param name="type">What it is.</param>
    /// <param name="carried">What it carries.</param>
    public static void WriteControl(Span<byte> control, int level, int type, ReadOnlySpan<byte> carried)
    {
        control.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(control, ControlHead + carried.Length);
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], level);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], type);
        carried.CopyTo(control[ControlHead..]);
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
