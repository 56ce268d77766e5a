using System.Net;
using Wisp.Network.Tests.Support;

namespace Wisp.Network.Tests;

/// <summary>Real devices and rules, each test in a network namespace of its own.</summary>
public sealed class GuestNetworkTests
{
    [Fact]
    public Task What_is_made_is_removed_to_the_last_trace() => TestNetwork.RunAsync(async network =>
    {
        TestNetwork.Forwarding = "0";
        var before = TestNetwork.Devices.ToArray();
        await network.StartAsync();
        await network.AttachAsync(0);
        await network.AttachAsync(network.Reopen().Capacity - 1);
        Assert.Equal("1", TestNetwork.Forwarding);
        Assert.Equal(before.Length + 3, TestNetwork.Devices.Count());
        Assert.Contains("table inet wisp_w", await network.HostAsync("nft", "list", "tables"), StringComparison.Ordinal);

        Assert.Null((await network.Guests.RemoveAsync(default)).Error);
        Assert.Equal(before, TestNetwork.Devices);
        Assert.Equal("", await network.HostAsync("nft", "list", "ruleset"));
        Assert.Equal("", await network.HostAsync("ip", "-4", "route"));
        Assert.Equal("0", TestNetwork.Forwarding);
        Assert.Equal(["subnet"], Directory.EnumerateFiles(network.Directory).Select(Path.GetFileName));
    });

    [Fact]
    public Task A_node_that_chose_what_another_has_taken_meanwhile_chooses_again() => TestNetwork.RunAsync(async network =>
    {
        var chosen = network.Guests.Describe(0);
        await network.HostAsync("ip", "tuntap", "add", "dev", chosen.TapName.Split('-')[0] + "-gw", "mode", "tap");
        await network.StartAsync();
        Assert.NotEqual(chosen.Address, network.Guests.Describe(0).Address);
        Assert.Equal(network.Guests.Describe(0), network.Reopen().Describe(0));
    });

    [Fact]
    public Task Forwarding_that_was_on_stays_on() => TestNetwork.RunAsync(async network =>
    {
        TestNetwork.Forwarding = "1";
        await network.StartAsync();
        Assert.Null((await network.Guests.RemoveAsync(default)).Error);
        Assert.Equal("1", TestNetwork.Forwarding);
    });

    [Fact]
    public Task Removing_what_was_never_made_is_success() => TestNetwork.RunAsync(async network =>
        Assert.Null((await network.Guests.RemoveAsync(default)).Error));

    [Fact]
    public Task The_interface_is_as_described() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var made = await network.AttachAsync(7);
        Assert.Equal(network.Guests.Describe(7), made);
        Assert.Equal(made.GatewayMac, File.ReadAllText($"/sys/class/net/{made.TapName}/address").Trim());
        Assert.Equal($"{made.Address} scope link src {made.Gateway} linkdown", (await network.HostAsync("ip", "-4", "route", "show", "dev", made.TapName)).Trim());
        Assert.Equal($"{made.Address} lladdr {made.Mac} PERMANENT", (await network.HostAsync("ip", "neigh", "show", "dev", made.TapName)).Trim());
    });

    [Fact]
    public Task The_next_wispd_finds_what_an_earlier_one_made() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var made = await network.AttachAsync(3);
        using var guest = new Tap(made);
        var devices = TestNetwork.Devices.ToArray();

        var next = network.Reopen();
        Assert.Null((await next.StartAsync(default)).Error);
        Assert.Equal(made, (await next.AttachAsync(3, default)).Value);
        Assert.Equal(devices, TestNetwork.Devices);
    });

    [Fact]
    public Task What_the_guest_sends_is_counted_as_sent() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        Assert.Null(network.Guests.ReadTraffic(4));
        var made = await network.AttachAsync(4);
        using var guest = new Tap(made);
        var before = network.Guests.ReadTraffic(4)!.Value;
        guest.Send(new IPEndPoint(made.Address, 1000), new IPEndPoint(made.Gateway, 9), "hello");
        var after = network.Guests.ReadTraffic(4)!.Value;
        Assert.Equal(1, after.SentPackets - before.SentPackets);
        Assert.True(after.SentBytes > before.SentBytes);
        Assert.Null((await network.Guests.DetachAsync(4, default)).Error);
        Assert.Null(network.Guests.ReadTraffic(4));
    });

    [Fact]
    public Task Detaching_takes_one_interface_and_a_missing_one_is_success() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var (first, second) = (await network.AttachAsync(0), await network.AttachAsync(1));
        Assert.Null((await network.Guests.DetachAsync(0, default)).Error);
        Assert.Null((await network.Guests.DetachAsync(0, default)).Error);
        Assert.DoesNotContain(first.TapName, TestNetwork.Devices);
        Assert.Contains(second.TapName, TestNetwork.Devices);
    });

    [Fact]
    public Task An_interface_that_cannot_be_completed_is_taken_away_again() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var wanted = network.Guests.Describe(0);
        var gateway = TestNetwork.Devices.Single(device => device.EndsWith("-gw", StringComparison.Ordinal));
        await network.HostAsync("ip", "route", "add", $"{wanted.Address}/32", "dev", gateway);
        Assert.True((await network.Guests.AttachAsync(0, default)).Failed(out var error, out _));
        Assert.Equal(ErrorCode.OperationFailed, error.Code);
        Assert.Contains("File exists", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wanted.TapName, TestNetwork.Devices);
    });

    [Fact]
    public Task Two_nodes_of_one_host_do_not_disturb_each_other() => TestNetwork.RunAsync(async network =>
    {
        TestNetwork.Forwarding = "0";
        using var other = new TestNetwork();
        await network.StartAsync();
        await other.StartAsync();
        var mine = await network.AttachAsync(0);
        var theirs = await other.AttachAsync(0);
        Assert.NotEqual(mine.Address, theirs.Address);

        Assert.Null((await network.Guests.RemoveAsync(default)).Error);
        Assert.Contains(theirs.TapName, TestNetwork.Devices);
        Assert.Equal("1", TestNetwork.Forwarding);
        Assert.Contains("table", await network.HostAsync("nft", "list", "tables"), StringComparison.Ordinal);
    });
}
