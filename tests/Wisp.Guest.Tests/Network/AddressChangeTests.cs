using Wisp.Guest.Network;

namespace Wisp.Guest.Tests.Network;

public sealed class AddressChangeTests
{
    /// <summary>The bytes that "ip address add 10.64.0.2/32 dev eth0" sends, but for the sequence number.</summary>
    [Fact]
    public void A_message_has_the_kernels_layout()
    {
        var message = new byte[40];
        AddressChange.Write(message, 20, 2, "10.64.0.2");
        Assert.Equal("28000000140005060000000000000000022000000200000008000100" + "0A400002" + "08000200" + "0A400002", Convert.ToHexString(message));
    }
}
