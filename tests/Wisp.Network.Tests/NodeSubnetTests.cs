using System.Net;
using CsCheck;

namespace Wisp.Network.Tests;

public sealed class NodeSubnetTests
{
    private static readonly IPNetwork All = IPNetwork.Parse("10.64.0.0/10");
    private static readonly Gen<NodeSubnet> Subnet = Gen.Int[0, NodeSubnet.Count - 1].Select(index => new NodeSubnet(index));
    private static readonly Gen<int> Slot = Gen.Int[0, NodeSubnet.Capacity - 1];

    [Theory]
    [InlineData(0, "10.64.0.0/22", "10.64.0.1", "w000")]
    [InlineData(1, "10.64.4.0/22", "10.64.4.1", "w001")]
    [InlineData(NodeSubnet.Count - 1, "10.127.252.0/22", "10.127.252.1", "wfff")]
    public void A_subnet_follows_from_its_index(int index, string cidr, string gateway, string tag)
    {
        var subnet = new NodeSubnet(index);
        Assert.Equal((cidr, gateway, tag), (subnet.Cidr, subnet.Gateway.ToString(), subnet.Tag));
    }

    [Theory]
    [InlineData(0, 0, "10.64.0.2", "12:b0:0a:40:00:02", "16:b0:0a:40:00:02")]
    [InlineData(0, NodeSubnet.Capacity - 1, "10.64.3.254", "12:b0:0a:40:03:fe", "16:b0:0a:40:03:fe")]
    [InlineData(0x8a3, 300, "10.98.141.46", "12:b0:0a:62:8d:2e", "16:b0:0a:62:8d:2e")]
    public void A_slot_has_an_address_and_macs(int index, int slot, string address, string guestMac, string tapMac)
    {
        var subnet = new NodeSubnet(index);
        Assert.Equal((address, guestMac, tapMac), (subnet.GuestAt(slot).ToString(), subnet.GuestMacAt(slot), subnet.TapMacAt(slot)));
    }

    [Fact]
    public void All_that_a_subnet_gives_out_is_within_it_and_it_is_within_the_guests_space() =>
        Gen.Select(Subnet, Slot).Sample((subnet, slot) =>
        {
            var own = IPNetwork.Parse(subnet.Cidr);
            return All.Contains(own.BaseAddress) && own.Contains(subnet.Gateway) && own.Contains(subnet.GuestAt(slot));
        });

    [Fact]
    public void No_guest_has_the_address_of_the_network_the_gateway_or_the_broadcast()
    {
        var addresses = Enumerable.Range(0, NodeSubnet.Capacity).Select(slot => new NodeSubnet(5).GuestAt(slot).ToString()).ToArray();
        Assert.Distinct(addresses);
        Assert.Empty(addresses.Intersect(["10.64.20.0", "10.64.20.1", "10.64.23.255"], StringComparer.Ordinal));
    }

    [Fact]
    public void Subnets_share_nothing() =>
        Gen.Select(Subnet, Subnet, Slot, Slot).Where((a, b, _, _) => a != b).Sample((a, b, first, second) =>
            !a.GuestAt(first).Equals(b.GuestAt(second)) && a.TapAt(first) != b.TapAt(second) && a.GuestMacAt(first) != b.GuestMacAt(second)
            && a.Table != b.Table && !b.TapAt(second).StartsWith(a.TapPrefix, StringComparison.Ordinal));

    [Fact]
    public void Device_names_fit_the_kernel() =>
        Gen.Select(Subnet, Slot).Sample((subnet, slot) => subnet.TapAt(slot).Length <= 15 && subnet.GatewayDevice.Length <= 15);
}
