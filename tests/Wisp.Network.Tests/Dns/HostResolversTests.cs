using System.Net;
using Wisp.Network.Dns;

namespace Wisp.Network.Tests.Dns;

public sealed class HostResolversTests
{
    [Fact]
    public void Name_servers_are_taken_as_the_c_library_takes_them() => Assert.Equal(
        [new IPEndPoint(IPAddress.Loopback, 53), new IPEndPoint(IPAddress.Parse("2001:db8::1"), 53), new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53)],
        HostResolvers.Parse(["# nameserver 9.9.9.9", "search x", "nameserver 127.0.0.1", "nameserver\t2001:db8::1 ", "nameserver", "nameserver x", "nameserver 192.0.2.1", "nameserver 192.0.2.2"]));

    [Fact]
    public void A_file_that_changes_is_read_again_and_one_that_is_not_there_names_none()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "nameserver 192.0.2.1\n");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        var resolvers = new HostResolvers(path);
        Assert.Equal("192.0.2.1", Assert.Single(resolvers.Read()).Address.ToString());
        File.WriteAllText(path, "nameserver 192.0.2.2\n");
        Assert.Equal("192.0.2.2", Assert.Single(resolvers.Read()).Address.ToString());
        File.Delete(path);
        Assert.Empty(resolvers.Read());
    }
}
