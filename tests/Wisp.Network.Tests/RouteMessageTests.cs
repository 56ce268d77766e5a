using System.Net;

namespace Wisp.Network.Tests;

/// <summary>The bytes that the kernel reads (rtnetlink(7)).</summary>
public sealed class RouteMessageTests
{
    [Fact]
    public void It_is_a_header_a_route_and_three_attributes() => Assert.Equal(
        "34000000" + "1800" + "0506" + "0000000000000000" + "02200000FE03FD01" + "00000000"
        + "08000100" + "0A400002" + "08000400" + "07000000" + "08000700" + "0A400001",
        Convert.ToHexString(RouteMessage.Build(IPAddress.Parse("10.64.0.2"), 7, IPAddress.Parse("10.64.0.1"))));
}
