using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Wisp.Network;

/// <summary>
/// A node's share of the guests' address space: a piece of 10.64.0.0/10, and all that follows from it. Address 0 is not used, 1
/// is the gateway, and slot n has address n + 2. Pure.
/// </summary>
/// <param name="Block">Where it begins, in blocks of 1024 addresses: 0 … <see cref="Blocks"/> - 1, a multiple of its own length.</param>
/// <param name="Prefix">Length of its prefix: <see cref="UsualPrefix"/>, or <see cref="OldPrefix"/>.</param>
public readonly record struct NodeSubnet(int Block, int Prefix)
{
    /// <summary>Room for sixteen thousand machines.</summary>
    public const int UsualPrefix = 18;

    /// <summary>What nodes of Wisp's first days have, one block.</summary>
    public const int OldPrefix = 22;

    /// <summary>How many blocks there are.</summary>
    public const int Blocks = 1 << (OldPrefix - 10);

    private const int BlockLength = 1 << (32 - OldPrefix);
    private const uint Base = (10u << 24) | (64u << 16);

    // Below the ports that the kernel gives out by itself.
    private const int FirstNumber = 20480;

    /// <summary>How many machines it has room for: its addresses less network, gateway and broadcast.</summary>
    public int Capacity => (1 << (32 - Prefix)) - 3;

    /// <summary>The subnet in CIDR form.</summary>
    public string Cidr => string.Create(CultureInfo.InvariantCulture, $"{AddressAt(0)}/{Prefix}");

    /// <summary>The gateway's address.</summary>
    public IPAddress Gateway => AddressAt(1);

    /// <summary>A name for the node's own things: at most 5 characters, so that a tap's name stays within 15.</summary>
    public string Tag => string.Create(CultureInfo.InvariantCulture, $"w{Block:x3}");

    /// <summary>Name of the nftables table.</summary>
    public string Table => $"wisp_{Tag}";

    /// <summary>Name of the device that holds the gateway's address: a tap that nobody opens.</summary>
    public string GatewayDevice => $"{Tag}-gw";

    /// <summary>What the tap names begin with.</summary>
    public string TapPrefix => $"{Tag}-t";

    /// <summary>The tap of a slot.</summary>
    public string TapAt(int slot) => string.Create(CultureInfo.InvariantCulture, $"{TapPrefix}{slot}");

    /// <summary>The address of a slot.</summary>
    public IPAddress GuestAt(int slot) => AddressAt(slot + 2);

    /// <summary>Whether an address, as a number, is one of these.</summary>
    public bool Contains(uint address) => address - First < 1u << (32 - Prefix);

    /// <summary>The slot that has an address, as a number; null when none can have it.</summary>
    public int? SlotAt(uint address) => Contains(address) && address - First is >= 2 and var host && host - 2 < Capacity ? (int)(host - 2) : null;

    /// <summary>The slot that has an address; null when none can have it.</summary>
    public int? SlotAt(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4 ? SlotAt(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : null;
    }

    /// <summary>A number that no other node of the host has: port of its name server, and number of its group of packet logs.</summary>
    public int Number => FirstNumber + Block;

    /// <summary>The guest's MAC address: the reserved prefix and its address.</summary>
    public string GuestMacAt(int slot) => Mac("12:b0", GuestAt(slot));

    /// <summary>The MAC address of the host's end: locally administered, of the same address.</summary>
    public string TapMacAt(int slot) => Mac("16:b0", GuestAt(slot));

    /// <summary>Reads the CIDR form.</summary>
    public static NodeSubnet? Parse(string text)
    {
        if (!IPNetwork.TryParse(text, out var network) || network.PrefixLength is not (UsualPrefix or OldPrefix))
        {
            return null;
        }

        var from = BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()) - Base;
        return from / BlockLength < Blocks ? new NodeSubnet((int)(from / BlockLength), network.PrefixLength) : null;
    }

    private static string Mac(string prefix, IPAddress address) =>
        prefix + string.Concat(address.GetAddressBytes().Select(part => ":" + part.ToString("x2", CultureInfo.InvariantCulture)));

    private uint First => Base + (uint)(Block * BlockLength);

    private IPAddress AddressAt(int host)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, First + (uint)host);
        return new IPAddress(bytes);
    }
}
