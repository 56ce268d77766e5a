using Wisp.Bench.Peers;
using Wisp.Images;

namespace Wisp.Bench.Tests.Peers;

public sealed class ContainerTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/bash\nhello:x:999:998::/srv/hello:/usr/sbin/nologin\n";

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("hello", 999, 998)]
    [InlineData("999", 999, 998)]
    public void Users_are_found(string user, int uid, int gid)
    {
        Assert.Equal(new ContainerUser(uid, gid), ContainerUser.Find(user, Passwd));
    }

    [Fact]
    public void A_user_that_is_not_there_is_not_root()
    {
        Assert.Null(ContainerUser.Find("nobody", Passwd));
    }

    [Fact]
    public void The_configuration_runs_what_the_image_says()
    {
        var image = new ImageConfiguration { Entrypoint = ["/usr/local/bin/hello"], Cmd = ["--fast"], Env = ["A=b"], WorkingDir = "/srv/hello" };
        var process = ContainerBundle.Configure(image, new ContainerUser(999, 998), "/run/netns/x")["process"]!;
        Assert.Equal("""["/usr/local/bin/hello","--fast"]""", process["args"]!.ToJsonString());
        Assert.Equal("""["A=b"]""", process["env"]!.ToJsonString());
        Assert.Equal("/srv/hello", process["cwd"]!.GetValue<string>());
        Assert.Equal("""{"uid":999,"gid":998}""", process["user"]!.ToJsonString());
    }

    [Theory]
    [InlineData(0, "198.18.0.1", "198.18.0.2")]
    [InlineData(64, "198.18.1.1", "198.18.1.2")]
    [InlineData(0x7FFF, "198.19.255.253", "198.19.255.254")]
    public void Addresses_are_those_for_benchmarks(int number, string host, string inside)
    {
        Assert.Equal((host, inside), (PeerNetwork.Addresses(number).Host.ToString(), PeerNetwork.Addresses(number).Inside.ToString()));
    }
}
