using Wisp.Guest.Network;

namespace Wisp.Guest.Tests.Network;

public sealed class HostsTests
{
    [Fact]
    public void A_machine_finds_itself_by_name() =>
        Assert.Equal("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.64.0.2\tweb\n", IdentityFiles.Hosts("web", "10.64.0.2"));

    [Fact]
    public void A_machine_without_a_network_has_localhost_only() =>
        Assert.DoesNotContain("web", IdentityFiles.Hosts("web", null), StringComparison.Ordinal);
}
