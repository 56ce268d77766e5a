using System.Buffers.Binary;
using System.Text;

namespace Wisp.Network;

/// <summary>
/// Keeps guests awake that another has asked something over TCP and not yet answered. Who those are the firewall keeps in a set
/// (<see cref="FirewallRules.Asked"/>); it is read while guests talk, and until nobody is asked any more.
/// </summary>
internal sealed class AskedGuests : IAsyncDisposable
{
    private const int Netfilter = 12, HeaderLength = 16, FamilyLength = 4, AttributeLength = 4;
    // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETSETELEM and NFT_MSG_NEWSETELEM; NLM_F_REQUEST and NLM_F_DUMP.
    private const ushort GetElements = (10 << 8) | 13, NewElements = (10 << 8) | 12, Failure = 2, Done = 3, RequestDump = 0x301;
    // NFTA_SET_ELEM_LIST_…, then what is in it.
    private const ushort TableName = 1, SetName = 2, Elements = 3, Element = 1, Key = 1, Value = 1;
    private const byte AnyInternet = 1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // A packet is told of unless one was a moment before: that long after one, another may have come unseen.
    private static readonly TimeSpan Unseen = TimeSpan.FromMilliseconds(FirewallRules.QuietMs + 50);

    // So long is nobody asleep who was asked when it was looked last, so that a look may come late.
    private const int LooksHeld = 5;

    // A set that somebody has filled is looked at more seldom.
    private const int LeisurePerLook = 10;

    private readonly NetlinkSocket _netlink = NetlinkSocket.Open(Netfilter);
    private readonly NodeSubnet _subnet;
    private readonly Action<int, TimeSpan> _hold;
    private readonly TimeProvider _time;
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[65536];
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _talk = new(0, 1);
    private readonly Task _following;
    private long _lastTalk;

    /// <summary>Begins to look as soon as guests talk.</summary>
    /// <param name="subnet">The node's addresses.</param>
    /// <param name="hold">Called with the slot of each guest that is asked, and how long it shall not fall asleep.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">There is no such socket.</exception>
    public AskedGuests(NodeSubnet subnet, Action<int, TimeSpan> hold, TimeProvider time)
    {
        (_subnet, _hold, _time, _request) = (subnet, hold, time, Build(subnet.Table));
        _following = FollowAsync();
    }

    /// <summary>A guest is sent something. From one thread.</summary>
    public void Talk()
    {
        Volatile.Write(ref _lastTalk, _time.GetTimestamp());
        if (_talk.CurrentCount == 0)
        {
            _talk.Release();
        }
    }

    /// <summary>Looks no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _netlink.Dispose();
        _end.Dispose();
        _talk.Dispose();
    }

    /// <summary>Reads the addresses that the set's elements begin with. Pure.</summary>
    /// <param name="messages">What was received at once.</param>
    /// <param name="addresses">Where they go, as numbers.</param>
    /// <returns>False when these were the last.</returns>
    internal static bool Read(ReadOnlySpan<byte> messages, HashSet<uint> addresses)
    {
        while (messages.Length >= HeaderLength)
        {
            var message = messages[..NetlinkMessages.LengthOfFirst(messages)];
            messages = messages[message.Length..];
            var type = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
            if (type is Done or Failure)
            {
                return false;
            }

            if (type != NewElements || message.Length < HeaderLength + FamilyLength)
            {
                continue;
            }

            var elements = NetlinkMessages.Find(message[(HeaderLength + FamilyLength)..], Elements);
            while (NetlinkMessages.Next(ref elements, out var kind, out var element))
            {
                if (kind == Element && NetlinkMessages.Find(NetlinkMessages.Find(element, Key), Value) is { Length: >= sizeof(uint) } key)
                {
                    addresses.Add(BinaryPrimitives.ReadUInt32BigEndian(key));
                }
            }
        }

        return true;
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await _talk.WaitAsync(_end.Token);
                var pause = Look;
                bool isAsked;
                do
                {
                    await Task.Delay(pause, _time, _end.Token);
                    var from = _time.GetTimestamp();
                    var asked = ReadAll();
                    var leisure = _time.GetElapsedTime(from) * LeisurePerLook;
                    pause = leisure > Look ? leisure : Look;
                    foreach (var address in asked)
                    {
                        if (_subnet.SlotAt(address) is { } slot)
                        {
                            _hold(slot, pause * LooksHeld);
                        }
                    }

                    isAsked = asked.Count > 0;
                }
                while (isAsked || _time.GetElapsedTime(Volatile.Read(ref _lastTalk)) < Unseen + Look);
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private HashSet<uint> ReadAll()
    {
        var addresses = new HashSet<uint>();
        if (_netlink.Send(_request) == 0)
        {
            while (_netlink.Receive(_buffer) is > 0 and var length && Read(_buffer.AsSpan(0, length), addresses))
            {
            }
        }

        return addresses;
    }

    // struct nlmsghdr, struct nfgenmsg (family, version, nothing), and two attributes.
    private static byte[] Build(string table)
    {
        using var message = new MemoryStream();
        message.Write(new byte[HeaderLength]);
        message.Write([AnyInternet, 0, 0, 0]);
        Add(TableName, table);
        Add(SetName, FirewallRules.Asked);
        var bytes = message.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), GetElements);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), RequestDump);
        return bytes;

        // Text ends in a zero, and the next begins at a multiple of four.
        void Add(ushort type, string text)
        {
            var attribute = new byte[(AttributeLength + text.Length + 1 + 3) & ~3];
            BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(AttributeLength + text.Length + 1));
            BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
            Encoding.ASCII.GetBytes(text, attribute.AsSpan(AttributeLength));
            message.Write(attribute);
        }
    }
}
