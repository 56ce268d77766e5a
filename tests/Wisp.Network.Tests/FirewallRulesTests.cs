using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Network.Tests.Support;

namespace Wisp.Network.Tests;

/// <summary>
/// The rules, by real packets through real taps. A packet that must not arrive is followed by one that must, on the same way: what
/// is heard first tells.
/// </summary>
public sealed class FirewallRulesTests
{
    private const int HostPort = 5000, GuestPort = 7777;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_text_is_accepted_and_loading_it_twice_leaves_one_table(bool isPrivate) => TestNetwork.RunAsync(async network =>
    {
        var text = FirewallRules.Build(new NodeSubnet(0x8a3, NodeSubnet.OldPrefix), 5353, isPrivate);
        Assert.Equal((0, ""), ((await network.FeedAsync(text, "nft", "-c", "-f", "-")) is var output ? (output.ExitCode, output.Stderr) : default));
        await network.FeedAsync(text, "nft", "-f", "-");
        var once = await network.HostAsync("nft", "list", "ruleset");
        await network.FeedAsync(text, "nft", "-f", "-");
        Assert.Equal(once, await network.HostAsync("nft", "list", "ruleset"));
    });

    /// <summary>A star within a name is no wildcard to nft, but a letter that no device has.</summary>
    [Fact]
    public void Wildcards_are_at_the_end_only() =>
        Assert.DoesNotMatch(@"\*[^""]", FirewallRules.Build(new NodeSubnet(1, NodeSubnet.OldPrefix), 5353, isPrivate: true));

    [Fact]
    public Task The_host_reaches_a_guest_as_the_gateway_and_hears_its_answer_only() => TestNetwork.RunAsync(async network =>
    {
        var (guest, tap, host) = await GuestAsync(network, 0);
        using (tap)
        using (host)
        {
            host.SendTo("hello"u8, new IPEndPoint(guest.Address, GuestPort));
            Assert.Equal((new IPEndPoint(guest.Gateway, HostPort), new IPEndPoint(guest.Address, GuestPort), "hello"), tap.Receive());
            tap.Send(new(guest.Address, 9999), new(guest.Gateway, HostPort), "unasked");
            tap.Send(new(guest.Address, GuestPort), new(guest.Gateway, HostPort), "answer");
            Assert.Equal("answer", Hear(host));
        }
    });

    [Fact]
    public Task A_guest_cannot_speak_with_the_address_of_another() => TestNetwork.RunAsync(async network =>
    {
        var (guest, tap, host) = await GuestAsync(network, 0);
        using var thief = new Tap(await network.AttachAsync(1));
        using (tap)
        using (host)
        {
            host.SendTo("hello"u8, new IPEndPoint(guest.Address, GuestPort));
            tap.Receive();
            thief.Send(new(guest.Address, GuestPort), new(guest.Gateway, HostPort), "forged");
            tap.Send(new(guest.Address, GuestPort), new(guest.Gateway, HostPort), "true");
            Assert.Equal("true", Hear(host));
        }
    });

    [Fact]
    public Task A_guest_cannot_reach_another() => TestNetwork.RunAsync(async network =>
    {
        var (guest, tap, host) = await GuestAsync(network, 0);
        var intruder = await network.AttachAsync(1);
        using var other = new Tap(intruder);
        using (tap)
        using (host)
        {
            other.Send(new(intruder.Address, 1), new(guest.Address, GuestPort), "intruder");
            host.SendTo("host"u8, new IPEndPoint(guest.Address, GuestPort));
            Assert.Equal("host", tap.Receive().Text);
        }
    });

    [Fact]
    public Task A_guest_cannot_reach_a_guest_of_another_node() => TestNetwork.RunAsync(async network =>
    {
        var (guest, tap, host) = await GuestAsync(network, 0);
        using var node = await new TestNetwork().StartAsync();
        var intruder = await node.AttachAsync(0);
        using var other = new Tap(intruder);
        using (tap)
        using (host)
        {
            other.Send(new(intruder.Address, 1), new(guest.Address, GuestPort), "intruder");
            host.SendTo("host"u8, new IPEndPoint(guest.Address, GuestPort));
            Assert.Equal("host", tap.Receive().Text);
        }
    });

    [Fact]
    public Task A_guest_reaches_the_outside_with_the_hosts_address_and_the_outside_no_guest() => TestNetwork.RunAsync(async network =>
    {
        var (guest, tap, host) = await GuestAsync(network, 0);
        var remote = new IPEndPoint(IPAddress.Parse("192.0.2.9"), 53);
        await network.FeedAsync(
            $"""
            tuntap add dev out0 mode tap vnet_hdr
            link set out0 address 16:00:00:00:00:01 up
            addr add 192.0.2.1/24 dev out0
            neigh replace {remote.Address} lladdr 16:00:00:00:00:09 dev out0 nud permanent
            route add default via {remote.Address}

            """,
            "ip", "-batch", "-");
        using var outside = new Tap("out0", "16:00:00:00:00:09", "16:00:00:00:00:01");
        using (tap)
        using (host)
        {
            tap.Send(new(guest.Address, GuestPort), new(IPAddress.Parse("169.254.169.254"), 80), "metadata");
            tap.Send(new(guest.Address, GuestPort), remote, "question");
            var (from, _, text) = outside.Receive();
            Assert.Equal(("192.0.2.1", "question"), (from.Address.ToString(), text));

            outside.Send(remote, new(guest.Address, GuestPort), "unasked");
            outside.Send(remote, from, "answer");
            Assert.Equal((remote, new IPEndPoint(guest.Address, GuestPort), "answer"), tap.Receive());
        }
    });

    [Fact]
    public Task What_is_sent_once_an_interface_is_ready_arrives_the_first_time() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        // Without the wait about a third of them are lost.
        for (var slot = 0; slot < 30; slot++)
        {
            var guest = await network.AttachAsync(slot);
            using var tap = new Tap(guest, waits: false);
            await network.Guests.ReadyAsync(slot, default);
            using var host = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            host.SendTo(Encoding.ASCII.GetBytes($"first {slot}"), new IPEndPoint(guest.Address, GuestPort));
            Assert.Equal($"first {slot}", tap.Receive().Text);
        }

        // One that there is not is nobody's to wait for.
        await network.Guests.ReadyAsync(99, default);
    });

    private static async Task<(GuestInterface Guest, Tap Tap, Socket Host)> GuestAsync(TestNetwork network, int slot)
    {
        await network.StartAsync();
        var guest = await network.AttachAsync(slot);
        var host = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        host.Bind(new IPEndPoint(IPAddress.Any, HostPort));
        return (guest, new Tap(guest), host);
    }

    private static string Hear(Socket socket)
    {
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }
}
