using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Network;

/// <summary>Hears of packets that the firewall tells of (nfnetlink_log; a rule's <c>log group</c>). The packets themselves go their way.</summary>
internal sealed partial class PacketLog : IAsyncDisposable
{
    private const int Netlink = 16, Raw = 3 | 0x80000, Netfilter = 12, HeaderLength = 16, FamilyLength = 4, BindLength = HeaderLength + FamilyLength + 8;
    private const ushort Packet = 4 << 8, Configure = Packet | 1, Request = 1, Acknowledge = 4, Failure = 2;
    private const ushort Command = 1, Payload = 9, TypeMask = 0x3FFF;
    private const byte Bind = 1, Unbind = 2;
    private const int DestinationOffset = 16, Overrun = 105, Interrupted = 4;

    private readonly SafeFileHandle _socket;
    private readonly int _group;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEnding;

    private PacketLog(SafeFileHandle socket, int group, Action<uint> heard)
    {
        (_socket, _group) = (socket, group);
        _thread = new Thread(() => Follow(heard)) { IsBackground = true, Name = "packet log" };
    }

    /// <summary>Begins to hear.</summary>
    /// <param name="group">The number that rules name.</param>
    /// <param name="heard">Called with the address, as a number, that a packet is for; on one thread, which it keeps.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static unsafe PacketLog Open(int group, Action<uint> heard)
    {
        // SAFETY: three integers.
        var log = new PacketLog(new SafeFileHandle(socket(Netlink, Raw, Netfilter), ownsHandle: true), group, heard);
        var answer = stackalloc byte[256];
        // SAFETY: the buffer is on this stack and as long as the call is told.
        if (log._socket.IsInvalid || !log.Tell(Bind) || recv(log._socket, answer, 256, 0) < HeaderLength + 4)
        {
            var error = Marshal.GetLastPInvokeError();
            log._socket.Dispose();
            throw new IOException($"hear of packets: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        // NLMSG_ERROR carries a negative errno, 0 when all is well.
        if (*(ushort*)(answer + 4) == Failure && *(int*)(answer + HeaderLength) is not 0 and var refused)
        {
            log._socket.Dispose();
            throw new IOException($"hear of packets: {Marshal.GetPInvokeErrorMessage(-refused)}");
        }

        log._thread.Start();
        return log;
    }

    /// <summary>Hears no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        // Its answer is what the thread wakes up by.
        if (Tell(Unbind))
        {
            await _ended.Task;
        }

        _socket.Dispose();
    }

    /// <summary>Where the packet in a message is for; null when there is none in it. Pure.</summary>
    internal static uint? DestinationIn(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength + FamilyLength || BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) != Packet)
        {
            return null;
        }

        var attributes = message[(HeaderLength + FamilyLength)..];
        while (attributes.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length)
            {
                return null;
            }

            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & TypeMask) == Payload)
            {
                return length >= 4 + DestinationOffset + 4 && attributes[4] >> 4 == 4
                    ? BinaryPrimitives.ReadUInt32BigEndian(attributes[(4 + DestinationOffset)..])
                    : null;
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return null;
    }

    /// <summary>The messages in what was received at once. Pure.</summary>
    internal static int LengthOfFirst(ReadOnlySpan<byte> messages)
    {
        var length = messages.Length < HeaderLength ? 0 : BinaryPrimitives.ReadInt32LittleEndian(messages);
        return length < HeaderLength || length > messages.Length ? messages.Length : Math.Min((length + 3) & ~3, messages.Length);
    }

    private unsafe void Follow(Action<uint> heard)
    {
        var buffer = new byte[65536];
        while (!_isEnding)
        {
            int length;
            fixed (byte* start = buffer)
            {
                // SAFETY: the buffer is pinned for the call and its length is given.
                length = (int)recv(_socket, start, (nuint)buffer.Length, 0);
            }

            if (length < 0 && Marshal.GetLastPInvokeError() is not (Overrun or Interrupted))
            {
                break;
            }

            for (var rest = buffer.AsSpan(0, Math.Max(length, 0)); !rest.IsEmpty; rest = rest[LengthOfFirst(rest)..])
            {
                if (DestinationIn(rest) is { } destination)
                {
                    heard(destination);
                }
            }
        }

        _ended.SetResult();
    }

    // struct nlmsghdr, struct nfgenmsg (family, version, the group), and one attribute: the command.
    private unsafe bool Tell(byte command)
    {
        var message = stackalloc byte[BindLength];
        var bytes = new Span<byte>(message, BindLength);
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, BindLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Configure);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Request | Acknowledge);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(HeaderLength + 2)..], (ushort)_group);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[20..], 5);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], Command);
        bytes[24] = command;
        // SAFETY: the message is on this stack and as long as the call is told.
        return send(_socket, message, BindLength, 0) == BindLength;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint send(SafeHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recv(SafeHandle socket, byte* bytes, nuint length, int flags);
}
