using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Wisp.Network;

/// <summary>
/// A node's share of the guests' address space: a /22 out of 10.64.0.0/10, and all that follows from it. Address 0 is not used, 1
/// is the gateway, and slot n has address n + 2. Pure.
/// </summary>
/// <param name="Index">0 … <see cref="Count"/> - 1.</param>
public readonly record struct NodeSubnet(int Index)
{
    /// <summary>How many such subnets there are.</summary>
    public const int Count = 1 << (22 - 10);

    /// <summary>How many machines one has room for: 1024 addresses less network, gateway and broadcast.</summary>
    public const int Capacity = 1024 - 3;

    private const uint Base = (10u << 24) | (64u << 16);

    /// <summary>The subnet in CIDR form.</summary>
    public string Cidr => $"{AddressAt(0)}/22";

    /// <summary>The gateway's address.</summary>
    public IPAddress Gateway => AddressAt(1);

    /// <summary>A name for the node's own things: at most 5 characters, so that a tap's name stays within 15.</summary>
    public string Tag => string.Create(CultureInfo.InvariantCulture, $"w{Index:x3}");

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

    /// <summary>The guest's MAC address: the reserved prefix and its address.</summary>
    public string GuestMacAt(int slot) => Mac("12:b0", GuestAt(slot));

    /// <summary>The MAC address of the host's end: locally administered, of the same address.</summary>
    public string TapMacAt(int slot) => Mac("16:b0", GuestAt(slot));

    private static string Mac(string prefix, IPAddress address) =>
        prefix + string.Concat(address.GetAddressBytes().Select(part => ":" + part.ToString("x2", CultureInfo.InvariantCulture)));

    private IPAddress AddressAt(int host)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Base + ((uint)Index * 1024) + (uint)host);
        return new IPAddress(bytes);
    }
}
