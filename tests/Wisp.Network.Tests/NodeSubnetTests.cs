using System.Net;
using CsCheck;

namespace Wisp.Network.Tests;

public sealed class NodeSubnetTests
{
    private static readonly IPNetwork All = IPNetwork.Parse("10.64.0.0/10");
    private static readonly Gen<NodeSubnet> Subnet = Gen.OneOf(
        Gen.Int[0, NodeSubnet.Blocks - 1].Select(block => new NodeSubnet(block, NodeSubnet.OldPrefix)),
        Gen.Int[0, (NodeSubnet.Blocks / 16) - 1].Select(place => new NodeSubnet(place * 16, NodeSubnet.UsualPrefix)));

    private static readonly Gen<(NodeSubnet Subnet, int Slot)> Place = Subnet.SelectMany(subnet => Gen.Int[0, subnet.Capacity - 1].Select(slot => (subnet, slot)));

    [Theory]
    [InlineData(0, 22, "10.64.0.0/22", "10.64.0.1", "w000", 1021)]
    [InlineData(1, 22, "10.64.4.0/22", "10.64.4.1", "w001", 1021)]
    [InlineData(NodeSubnet.Blocks - 1, 22, "10.127.252.0/22", "10.127.252.1", "wfff", 1021)]
    [InlineData(16, 18, "10.64.64.0/18", "10.64.64.1", "w010", 16381)]
    [InlineData(NodeSubnet.Blocks - 16, 18, "10.127.192.0/18", "10.127.192.1", "wff0", 16381)]
    public void A_subnet_follows_from_its_block(int block, int prefix, string cidr, string gateway, string tag, int capacity)
    {
        var subnet = new NodeSubnet(block, prefix);
        Assert.Equal((cidr, gateway, tag, capacity), (subnet.Cidr, subnet.Gateway.ToString(), subnet.Tag, subnet.Capacity));
        Assert.Equal(subnet, NodeSubnet.Parse(cidr));
    }

    [Theory]
    [InlineData(0, 22, 0, "10.64.0.2", "12:b0:0a:40:00:02", "16:b0:0a:40:00:02")]
    [InlineData(0, 22, 1020, "10.64.3.254", "12:b0:0a:40:03:fe", "16:b0:0a:40:03:fe")]
    [InlineData(0x8a3, 22, 300, "10.98.141.46", "12:b0:0a:62:8d:2e", "16:b0:0a:62:8d:2e")]
    [InlineData(0, 18, 16380, "10.64.63.254", "12:b0:0a:40:3f:fe", "16:b0:0a:40:3f:fe")]
    public void A_slot_has_an_address_and_macs(int block, int prefix, int slot, string address, string guestMac, string tapMac)
    {
        var subnet = new NodeSubnet(block, prefix);
        Assert.Equal((address, guestMac, tapMac), (subnet.GuestAt(slot).ToString(), subnet.GuestMacAt(slot), subnet.TapMacAt(slot)));
        Assert.Equal(slot, subnet.SlotAt(subnet.GuestAt(slot)));
    }

    [Fact]
    public void All_that_a_subnet_gives_out_is_within_it_and_it_is_within_the_guests_space() =>
        Place.Sample(place =>
        {
            var own = IPNetwork.Parse(place.Subnet.Cidr);
            return All.Contains(own.BaseAddress) && own.Contains(place.Subnet.Gateway) && own.Contains(place.Subnet.GuestAt(place.Slot));
        });

    [Fact]
    public void No_guest_has_the_address_of_the_network_the_gateway_or_the_broadcast()
    {
        var subnet = new NodeSubnet(5, NodeSubnet.OldPrefix);
        var addresses = Enumerable.Range(0, subnet.Capacity).Select(slot => subnet.GuestAt(slot).ToString()).ToArray();
        Assert.Distinct(addresses);
        Assert.Empty(addresses.Intersect(["10.64.20.0", "10.64.20.1", "10.64.23.255"], StringComparer.Ordinal));
    }

    [Fact]
    public void Subnets_that_do_not_overlap_share_nothing() =>
        Gen.Select(Place, Place).Where((a, b) => !Overlap(a.Subnet, b.Subnet)).Sample((a, b) =>
            !a.Subnet.GuestAt(a.Slot).Equals(b.Subnet.GuestAt(b.Slot)) && a.Subnet.TapAt(a.Slot) != b.Subnet.TapAt(b.Slot)
            && a.Subnet.GuestMacAt(a.Slot) != b.Subnet.GuestMacAt(b.Slot) && a.Subnet.Table != b.Subnet.Table
            && !b.Subnet.TapAt(b.Slot).StartsWith(a.Subnet.TapPrefix, StringComparison.Ordinal));

    [Fact]
    public void Device_names_fit_the_kernel() =>
        Place.Sample(place => place.Subnet.TapAt(place.Slot).Length <= 15 && place.Subnet.GatewayDevice.Length <= 15);

    private static bool Overlap(NodeSubnet a, NodeSubnet b)
    {
        var (first, second) = (IPNetwork.Parse(a.Cidr), IPNetwork.Parse(b.Cidr));
        return first.Contains(second.BaseAddress) || second.Contains(first.BaseAddress);
    }
}
