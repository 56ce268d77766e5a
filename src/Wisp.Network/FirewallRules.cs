using System.Globalization;

namespace Wisp.Network;

/// <summary>
/// The node's nftables table as text for <c>nft -f</c>. A guest answers what the host (the gateway) asks it, asks the node's name server,
/// opens connections to the outside, and to guests of its own group where that is allowed; nothing else. Rules match by device, so that
/// an address in a packet proves nothing. Pure.
/// </summary>
internal static class FirewallRules
{
    /// <summary>How many milliseconds pass after a packet for a guest before another of the same is told of.</summary>
    public const int QuietMs = 250;

    /// <summary>The set of who is asked over TCP and has not answered: each address, its port, and who has asked from where.</summary>
    public const string Asked = "asked";

    // Who has not begun to answer by then answers nothing.
    private const int AnswerSeconds = 60;

    /// <summary>The table, replacing an earlier one in the same transaction.</summary>
    /// <param name="subnet">The node's addresses.</param>
    /// <param name="dnsPort">Where the node's name server listens.</param>
    /// <param name="isPrivate">Whether guests of one group reach each other.</param>
    public static string Build(NodeSubnet subnet, int dnsPort, bool isPrivate) => string.Create(CultureInfo.InvariantCulture, $$"""
        table inet {{subnet.Table}}
        delete table inet {{subnet.Table}}
        table inet {{subnet.Table}} {
            set questions {
                type ipv4_addr; size 65535; flags dynamic,timeout; timeout 10s;
            }
            chain spoofed {
                type filter hook prerouting priority raw; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip saddr != {{subnet.Cidr}} drop
                iifname "{{subnet.TapPrefix}}*" meta protocol ip6 drop
                iifname "{{subnet.TapPrefix}}*" fib saddr . iif oif missing drop
            }
            chain dns {
                type nat hook prerouting priority dstnat; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip daddr {{subnet.Gateway}} meta l4proto { tcp, udp } th dport 53 dnat ip to {{subnet.Gateway}}:{{dnsPort}}
            }
            chain input {
                type filter hook input priority filter; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip daddr {{subnet.Gateway}} udp dport {{dnsPort}} update @questions { ip saddr limit rate over 200/second burst 400 packets } drop
                iifname "{{subnet.TapPrefix}}*" ct state established,related accept
                iifname "{{subnet.TapPrefix}}*" ip daddr {{subnet.Gateway}} meta l4proto { tcp, udp } th dport {{dnsPort}} accept
                iifname "{{subnet.TapPrefix}}*" drop
            }
            chain forward {
                type filter hook forward priority filter; policy accept;
                {{(isPrivate ? Peers(subnet) : "")}}
                iifname "{{subnet.TapPrefix}}*" ip daddr { 127.0.0.0/8, 169.254.0.0/16, 10.64.0.0/10 } drop
                oifname "{{subnet.TapPrefix}}*" ct state established,related accept
                oifname "{{subnet.TapPrefix}}*" drop
            }
            chain nat {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {{subnet.Cidr}} ip daddr != 10.64.0.0/10 masquerade
            }
            {{(isPrivate ? Private(subnet) : "")}}
        }
        """);

    /// <summary>Changes who is in which group, in one transaction. Numbers of groups begin at 1; 0 is out of all.</summary>
    /// <param name="subnet">The node's addresses.</param>
    /// <param name="leaving">Slots, and the groups that they were in.</param>
    /// <param name="joining">Slots, and the groups that they are in now.</param>
    public static string Regroup(NodeSubnet subnet, IReadOnlyCollection<(int Slot, uint Group)> leaving, IReadOnlyCollection<(int Slot, uint Group)> joining) =>
        Elements(subnet, "delete", leaving) + Elements(subnet, "add", joining);

    /// <summary>Says anew who is in which group, in one transaction.</summary>
    public static string Regroup(NodeSubnet subnet, IReadOnlyCollection<(int Slot, uint Group)> all) =>
        $"""
        flush map inet {subnet.Table} groups
        flush set inet {subnet.Table} members

        """ + Elements(subnet, "add", all);

    private static string Elements(NodeSubnet subnet, string verb, IReadOnlyCollection<(int Slot, uint Group)> guests) => guests.Count == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $$"""
            {{verb}} element inet {{subnet.Table}} groups { {{string.Join(", ", guests.Select(guest => $"{subnet.GuestAt(guest.Slot)} : {guest.Group}"))}} }
            {{verb}} element inet {{subnet.Table}} members { {{string.Join(", ", guests.Select(guest => $"{subnet.GuestAt(guest.Slot)} . {guest.Group}"))}} }

            """);

    // The same once more where it is forwarded: only there it is sure that the packet goes to that guest, whatever has been done to it on the way.
    private static string Peers(NodeSubnet subnet) =>
        $$"""iifname "{{subnet.TapPrefix}}*" oifname "{{subnet.TapPrefix}}*" meta mark set ip saddr map @groups ip daddr . meta mark @members meta mark set 0 accept""";

    // Who opened a connection and says something asks; what a write ends with has PSH, and no bare acknowledgement has. What comes back answers.
    // The first packet for a guest is told of before it is known whether that guest has an interface, and then none for a moment.
    private static string Private(NodeSubnet subnet) => string.Create(CultureInfo.InvariantCulture, $$"""
        map groups {
                type ipv4_addr : mark;
            }
            set members {
                type ipv4_addr . mark;
            }
            set noted {
                type ipv4_addr; size 65535; flags dynamic,timeout; timeout {{QuietMs}}ms;
            }
            set {{Asked}} {
                type ipv4_addr . inet_service . ipv4_addr . inet_service; size 16384; flags dynamic,timeout; timeout {{AnswerSeconds}}s;
            }
            chain peers {
                type filter hook prerouting priority mangle; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip daddr {{subnet.Cidr}} ip daddr != {{subnet.Gateway}} jump peer
            }
            chain peer {
                meta mark set ip saddr map @groups
                ip daddr . meta mark != @members drop
                meta mark set 0
                ct direction original tcp flags & psh == psh update @{{Asked}} { ip daddr . tcp dport . ip saddr . tcp sport }
                ct direction original tcp flags & rst == rst delete @{{Asked}} { ip daddr . tcp dport . ip saddr . tcp sport }
                ct direction reply tcp flags & (psh | fin | rst) != 0 delete @{{Asked}} { ip saddr . tcp sport . ip daddr . tcp dport }
                ip daddr != @noted add @noted { ip daddr } log group {{subnet.Number}} snaplen 20 queue-threshold 1
            }
        """);
}
