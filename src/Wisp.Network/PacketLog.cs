using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Wisp.Network;

/// <summary>Hears of packets that the firewall tells of (nfnetlink_log; a rule's <c>log group</c>). The packets themselves go their way.</summary>
internal sealed class PacketLog : IAsyncDisposable
{
    private const int Netfilter = 12, HeaderLength = 16, FamilyLength = 4, BindLength = HeaderLength + FamilyLength + 8;
    private const ushort Packet = 4 << 8, Configure = Packet | 1, Request = 1, Acknowledge = 4, Failure = 2;
    private const ushort Command = 1, Payload = 9;
    private const byte Bind = 1, Unbind = 2;
    private const int DestinationOffset = 16, Overrun = 105, Interrupted = 4;

    private readonly NetlinkSocket _socket;
    private readonly int _group;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEnding;

    private PacketLog(NetlinkSocket socket, int group, Action<uint> heard)
    {
        (_socket, _group) = (socket, group);
        _thread = new Thread(() => Follow(heard)) { IsBackground = true, Name = "packet log" };
    }

    /// <summary>Begins to hear.</summary>
    /// <param name="group">The number that rules name.</param>
    /// <param name="heard">Called with the address, as a number, that a packet is for; on one thread, which it keeps.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static PacketLog Open(int group, Action<uint> heard)
    {
        var log = new PacketLog(NetlinkSocket.Open(Netfilter), group, heard);
        if (log.Bound() is not 0 and var error)
        {
            log._socket.Dispose();
            throw new IOException($"hear of packets: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        log._thread.Start();
        return log;
    }

    /// <summary>Hears no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        // Its answer is what the thread wakes up by.
        if (Tell(Unbind) == 0)
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

        return NetlinkMessages.Find(message[(HeaderLength + FamilyLength)..], Payload) is { Length: >= DestinationOffset + sizeof(uint) } packet && packet[0] >> 4 == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(packet[DestinationOffset..])
            : null;
    }

    // 0, or an errno.
    private int Bound()
    {
        if (Tell(Bind) is not 0 and var unsent)
        {
            return unsent;
        }

        Span<byte> answer = stackalloc byte[256];
        var length = _socket.Receive(answer);
        // NLMSG_ERROR carries a negative errno, 0 when all is well.
        return length < 0 ? -length
            : length >= HeaderLength + 4 && BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) == Failure ? -BinaryPrimitives.ReadInt32LittleEndian(answer[HeaderLength..])
            : 0;
    }

    private void Follow(Action<uint> heard)
    {
        var buffer = new byte[65536];
        while (!_isEnding)
        {
            var length = _socket.Receive(buffer);
            if (length < 0 && -length is not (Overrun or Interrupted))
            {
                break;
            }

            for (var rest = buffer.AsSpan(0, Math.Max(length, 0)); !rest.IsEmpty; rest = rest[NetlinkMessages.LengthOfFirst(rest)..])
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
    private int Tell(byte command)
    {
        Span<byte> bytes = stackalloc byte[BindLength];
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, BindLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Configure);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Request | Acknowledge);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(HeaderLength + 2)..], (ushort)_group);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[20..], 5);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], Command);
        bytes[24] = command;
        return _socket.Send(bytes);
    }
}
