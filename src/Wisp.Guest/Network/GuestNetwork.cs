using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Network;

/// <summary>The network of a machine: an address of its own /32 on eth0, a gateway on the link, and its MAC for good.</summary>
internal static class GuestNetwork
{
    // Asked once: a clone has it in its memory.
    private static int _index;

    /// <summary>Configures the network; returns the first failure in words, or null.</summary>
    public static string? Configure(GuestIdentity identity)
    {
        var socket = NetworkCalls.Socket();
        try
        {
            return NetworkCalls.SetUp(socket, "lo") ?? (identity.Address is null ? null : First(socket, identity));
        }
        finally
        {
            _ = Libc.close(socket);
        }
    }

    /// <summary>Makes this machine another on the network; returns the first failure in words, or null.</summary>
    /// <param name="old">Who it was.</param>
    /// <param name="identity">Who it is now.</param>
    public static string? Change(GuestIdentity old, GuestIdentity identity)
    {
        var socket = NetworkCalls.Socket();
        try
        {
            if (identity.Address is null)
            {
                return old.Address is null ? null : NetworkCalls.SetUp(socket, "eth0", isUp: false);
            }

            // First, because it drops the neighbours.
            if (identity.Mac is { } mac && NetworkCalls.Hardware(socket, mac) is { } trouble)
            {
                return trouble;
            }

            // The common case: all guests have the same gateway, so the routes stay.
            return old is { Address: { } was } && identity is { Gateway: { } gateway, GatewayMac: { } gatewayMac } && old.Gateway == gateway
                ? AddressChange.Make(_index, was, identity.Address) ?? NetworkCalls.Neighbour(socket, gateway, gatewayMac)
                : old.Address is null ? First(socket, identity)
                : Address(socket, identity);
        }
        finally
        {
            _ = Libc.close(socket);
        }
    }

    private static string? First(int socket, GuestIdentity identity)
    {
        _index = NetworkCalls.Index(socket);
        Descriptor.WriteText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
        return Address(socket, identity);
    }

    // An interface that loses its last address loses its routes and neighbours with it, so all are set anew.
    private static string? Address(int socket, GuestIdentity identity) =>
        identity is not { Address: { } address, Gateway: { } gateway, GatewayMac: { } mac }
            ? null
            : NetworkCalls.Interface(socket, NetworkCalls.SetAddress, "eth0", address, "set the address")
                ?? NetworkCalls.Interface(socket, NetworkCalls.SetNetmask, "eth0", "255.255.255.255", "set the netmask")
                ?? NetworkCalls.SetUp(socket, "eth0")
                ?? NetworkCalls.Route(socket, gateway, null, "255.255.255.255", "add the route to the gateway")
                ?? NetworkCalls.Neighbour(socket, gateway, mac)
                ?? NetworkCalls.Route(socket, "0.0.0.0", gateway, "0.0.0.0", "add the default route");
}
