using System.Net;

namespace Wisp.Network;

/// <summary>A machine's place in the network.</summary>
/// <param name="TapName">The tap device on the host.</param>
/// <param name="Mac">The guest's MAC address (prefix <c>12:b0</c>).</param>
/// <param name="Address">The guest's IPv4 address, a /32.</param>
/// <param name="Gateway">The gateway's IPv4 address, on the link.</param>
/// <param name="GatewayMac">The gateway's MAC address, the tap's own.</param>
/// <param name="Nameserver">Whom the guest asks for names: the node, at the gateway's address.</param>
public sealed record GuestInterface(
    string TapName, string Mac, IPAddress Address, IPAddress Gateway, string GatewayMac, IPAddress Nameserver);
