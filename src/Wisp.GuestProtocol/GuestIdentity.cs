using System.Text.Json;

namespace Wisp.GuestProtocol;

/// <summary>Who a machine is on the network: what a clone must not have in common with its source.</summary>
public sealed record GuestIdentity
{
    /// <summary>Host name: one DNS label.</summary>
    public required string Hostname { get; init; }

    /// <summary>The guest's IPv4 address, e.g. <c>10.64.0.2</c>; null leaves the machine without a network.</summary>
    public string? Address { get; init; }

    /// <summary>The MAC address that eth0 gets, e.g. <c>02:57:00:00:00:02</c>; null keeps the one it has.</summary>
    public string? Mac { get; init; }

    /// <summary>The gateway's IPv4 address, reachable on the link though outside the guest's /32.</summary>
    public string? Gateway { get; init; }

    /// <summary>The gateway's MAC address: a permanent neighbour entry, so that waking needs no ARP.</summary>
    public string? GatewayMac { get; init; }

    /// <summary>DNS server for <c>/etc/resolv.conf</c>; null leaves the file empty.</summary>
    public string? Nameserver { get; init; }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("hostname"u8, Hostname);
        writer.WriteText("address"u8, Address);
        writer.WriteText("mac"u8, Mac);
        writer.WriteText("gateway"u8, Gateway);
        writer.WriteText("gateway_mac"u8, GatewayMac);
        writer.WriteText("nameserver"u8, Nameserver);
    }

    internal static GuestIdentity Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartObject);
        string? hostname = null, address = null, mac = null, gateway = null, gatewayMac = null, nameserver = null;
        while (reader.NextMember(out var name))
        {
            switch (name)
            {
                case "hostname": hostname = reader.GetString(); break;
                case "address": address = reader.GetString(); break;
                case "mac": mac = reader.GetString(); break;
                case "gateway": gateway = reader.GetString(); break;
                case "gateway_mac": gatewayMac = reader.GetString(); break;
                case "nameserver": nameserver = reader.GetString(); break;
                default: reader.Skip(); break;
            }
        }

        return new GuestIdentity
        {
            Hostname = hostname ?? throw new JsonException(),
            Address = address,
            Mac = mac,
            Gateway = gateway,
            GatewayMac = gatewayMac,
            Nameserver = nameserver,
        };
    }
}
