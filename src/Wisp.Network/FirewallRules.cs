namespace Wisp.Network;

/// <summary>
/// The node's nftables table as text for <c>nft -f</c>. A guest answers what the host (the gateway) asks it, and opens connections
/// to the outside; nothing else. Rules match by device, so that an address in a packet proves nothing. Pure.
/// </summary>
internal static class FirewallRules
{
    /// <summary>The table, replacing an earlier one in the same transaction.</summary>
    public static string Build(NodeSubnet subnet) => $$"""
        table inet {{subnet.Table}}
        delete table inet {{subnet.Table}}
        table inet {{subnet.Table}} {
            chain spoofed {
                type filter hook prerouting priority raw; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip saddr != {{subnet.Cidr}} drop
                iifname "{{subnet.TapPrefix}}*" meta protocol ip6 drop
                iifname "{{subnet.TapPrefix}}*" fib saddr . iif oif missing drop
            }
            chain input {
                type filter hook input priority filter; policy accept;
                iifname "{{subnet.TapPrefix}}*" ct state established,related accept
                iifname "{{subnet.TapPrefix}}*" drop
            }
            chain forward {
                type filter hook forward priority filter; policy accept;
                iifname "{{subnet.TapPrefix}}*" ip daddr { 127.0.0.0/8, 169.254.0.0/16, 10.64.0.0/10 } drop
                oifname "{{subnet.TapPrefix}}*" ct state established,related accept
                oifname "{{subnet.TapPrefix}}*" drop
            }
            chain nat {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {{subnet.Cidr}} ip daddr != 10.64.0.0/10 masquerade
            }
        }
        """;
}
