using System.Net;
using Wisp.Network.Tests.Support;

namespace Wisp.Network.Tests;

/// <summary>Guests of one group and another, by real packets through real taps.</summary>
public sealed class PrivateNetworkTests
{
    private const int Port = 7777;
    private static readonly Guid One = Guid.NewGuid(), Other = Guid.NewGuid();

    [Fact]
    public Task Guests_of_one_group_reach_each_other_and_nobody_else_does() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        GuestInterface[] guests = [await network.AttachAsync(0), await network.AttachAsync(1), await network.AttachAsync(2), await network.AttachAsync(3)];
        using Tap first = new(guests[0]), second = new(guests[1]), stranger = new(guests[2]), nobody = new(guests[3]);
        await RegroupAsync(network, (0, One), (1, One), (2, Other));

        Send(stranger, guests[2], guests[1], "stranger");
        Send(nobody, guests[3], guests[1], "nobody");
        // With the address of one of the group, which is not its own.
        Send(stranger, guests[0], guests[1], "forged");
        Send(first, guests[0], guests[1], "hello");
        Assert.Equal((new IPEndPoint(guests[0].Address, Port), new IPEndPoint(guests[1].Address, Port), "hello"), second.Receive());
        Send(second, guests[1], guests[2], "to a stranger");
        Send(second, guests[1], guests[0], "answer");
        Assert.Equal("answer", first.Receive().Text);

        // Another's address is another's group.
        await RegroupAsync(network, (1, null), (2, One));
        Send(first, guests[0], guests[1], "too late");
        Send(first, guests[0], guests[2], "welcome");
        Assert.Equal("welcome", stranger.Receive().Text);
        await RegroupAsync(network, (1, Other), (0, Other));
        Send(stranger, guests[2], guests[1], "too late");
        Send(first, guests[0], guests[1], "back");
        Assert.Equal("back", second.Receive().Text);
    }, isPrivate: true);

    [Fact]
    public Task Of_two_nodes_guests_do_not_reach_each_other() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        using var other = await new TestNetwork(isPrivate: true).StartAsync();
        var (guest, sibling, intruder) = (await network.AttachAsync(0), await network.AttachAsync(1), await other.AttachAsync(0));
        using Tap tap = new(guest), near = new(sibling), far = new(intruder);
        await RegroupAsync(network, (0, One), (1, One));
        await RegroupAsync(other, (0, One));
        Send(far, intruder, guest, "intruder");
        Send(near, sibling, guest, "sibling");
        Assert.Equal("sibling", tap.Receive().Text);
    }, isPrivate: true);

    [Fact]
    public Task After_a_change_that_failed_the_next_says_everything() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        GuestInterface[] guests = [await network.AttachAsync(0), await network.AttachAsync(1)];
        using Tap first = new(guests[0]), second = new(guests[1]);
        await RegroupAsync(network, (0, One), (2, One));
        // Somebody else's hand: what was to be deleted is not there.
        var table = (await network.HostAsync("nft", "list", "tables")).Trim().Split(' ')[^1];
        await network.HostAsync("nft", "flush", "map", "inet", table, "groups");
        Assert.NotNull((await network.Guests.RegroupAsync([(2, null)], default)).Error);
        await RegroupAsync(network, (1, One));
        Send(first, guests[0], guests[1], "hello");
        Assert.Equal("hello", second.Receive().Text);
        Assert.Equal(2, (await network.HostAsync("nft", "list", "set", "inet", table, "members")).Split(" . ").Length - 2);
    }, isPrivate: true);

    [Fact]
    public Task What_is_for_a_guest_is_told_of_and_once_in_a_while_again() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var village = new Village();
        Serve(network, village);
        try
        {
            GuestInterface[] guests = [await network.AttachAsync(0), network.Guests.Describe(1), await network.AttachAsync(2)];
            using Tap first = new(guests[0]), stranger = new(guests[2]);
            await RegroupAsync(network, (0, One), (1, One), (2, Other));
            Send(stranger, guests[2], guests[1], "no business of it");
            Send(stranger, guests[2], guests[0], "no business of it");
            // It has no interface and no machine, and is told of all the same.
            Send(first, guests[0], guests[1], "first");
            Assert.Equal(1, Next(village));
            while (!village.Stirred.TryPeek(out _))
            {
                Send(first, guests[0], guests[1], "again and again");
            }

            Assert.Equal(1, Next(village));
        }
        finally
        {
            await network.Guests.DisposeAsync();
        }
    }, isPrivate: true);

    [Fact]
    public Task Who_is_asked_is_held_until_it_has_answered() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var village = new Village();
        Serve(network, village);
        try
        {
            GuestInterface[] guests = [await network.AttachAsync(0), await network.AttachAsync(1)];
            using Tap first = new(guests[0]), second = new(guests[1]);
            await RegroupAsync(network, (0, One), (1, One));
            var table = (await network.HostAsync("nft", "list", "tables")).Trim().Split(' ')[^1];
            async Task ElementAsync(string verb) =>
                await network.HostAsync("nft", verb, "element", "inet", table, FirewallRules.Asked, $"{{ {guests[1].Address} . 80 . {guests[0].Address} . 40000 }}");

            // As the firewall does when something is said over TCP.
            await ElementAsync("add");
            Send(first, guests[0], guests[1], "they talk");
            for (var look = 0; look < 5; look++)
            {
                Assert.Equal(1, await village.Held.ReadAsync(TestContext.Current.CancellationToken));
            }

            await ElementAsync("delete");
            while (village.Held.TryRead(out _))
            {
            }

            // One look may have been under way.
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            Assert.InRange(village.Held.Count, 0, 1);
        }
        finally
        {
            await network.Guests.DisposeAsync();
        }
    }, isPrivate: true);

    [Fact]
    public Task What_is_sent_to_a_guest_without_a_machine_waits_for_the_next_one() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        GuestInterface[] guests = [await network.AttachAsync(0), network.Guests.Describe(1)];
        using var first = new Tap(guests[0]);
        await RegroupAsync(network, (0, One), (1, One));
        Assert.Null((await network.Guests.RestAsync(1, default)).Error);
        string[] sent = ["one", "two", "three"];
        foreach (var text in sent)
        {
            Send(first, guests[0], guests[1], text);
        }

        using var second = new Tap(guests[1], network.Guests.TakeHeld(1)!);
        Assert.Equal(sent, sent.Select(_ => second.Receive().Text));
        Assert.Null(network.Guests.TakeHeld(1));
        Assert.Null((await network.Guests.DetachAsync(1, default)).Error);
        Assert.DoesNotContain(guests[1].TapName, TestNetwork.Devices);
    }, isPrivate: true);

    [Fact]
    public Task What_is_sent_to_a_guest_that_has_yet_to_become_itself_comes_when_it_has() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        GuestInterface[] guests = [await network.AttachAsync(0), network.Guests.Describe(1)];
        using var first = new Tap(guests[0]);
        await RegroupAsync(network, (0, One), (1, One));
        Assert.Null((await network.Guests.RestAsync(1, default)).Error);
        string[] sent = ["one", "two", "three"];
        foreach (var text in sent)
        {
            Send(first, guests[0], guests[1], text);
        }

        network.Guests.Keep(1);
        using var second = new Tap(guests[1]);
        network.Guests.Replay(1);
        Assert.Equal(sent, sent.Select(_ => second.Receive().Text));
        Send(first, guests[0], guests[1], "once only");
        network.Guests.Replay(1);
        Assert.Equal("once only", second.Receive().Text);
    }, isPrivate: true);

    [Fact]
    public Task Where_guests_do_not_reach_each_other_one_without_a_machine_has_no_interface() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var guest = await network.AttachAsync(1);
        await RegroupAsync(network, (1, One));
        Assert.Null((await network.Guests.RestAsync(1, default)).Error);
        Assert.DoesNotContain(guest.TapName, TestNetwork.Devices);
        Assert.Null(network.Guests.TakeHeld(1));
    });

    [Fact]
    public Task A_guest_asks_the_node_at_the_gateways_address() => TestNetwork.RunAsync(async network =>
    {
        await network.StartAsync();
        var village = new Village { Guests = { [0] = ("own", "web"), [1] = ("own", "db"), [2] = ("other", "db") } };
        Serve(network, village);
        try
        {
            GuestInterface[] guests = [await network.AttachAsync(0), await network.AttachAsync(2)];
            foreach (var (guest, slot) in guests.Zip([1, 2]))
            {
                using var tap = new Tap(guest);
                Assert.Equal(guest.Gateway, guest.Nameserver);
                tap.Send(new(guest.Address, Port), new(guest.Gateway, 53), Questions.Of("db.internal", Questions.A));
                var (from, _, answer) = tap.ReceiveBytes();
                Assert.Equal(new IPEndPoint(guest.Gateway, 53), from);
                Assert.Equal(network.Guests.Describe(slot).Address.ToString(), Questions.Read(answer, Questions.Of("db.internal", Questions.A)).Data);
            }
        }
        finally
        {
            await network.Guests.DisposeAsync();
        }
    });

    // Not on the test's one thread, which waits for packets.
    private static void Serve(TestNetwork network, Village village)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Assert.Null(network.Guests.Serve(village).Error);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private static int Next(Village village)
    {
        Assert.True(SpinWait.SpinUntil(() => village.Stirred.TryPeek(out _), TimeSpan.FromSeconds(10)), "nobody was told of anything");
        return village.Stirred.TryRead(out var slot) ? slot : -1;
    }

    private static void Send(Tap tap, GuestInterface from, GuestInterface to, string text) => tap.Send(new(from.Address, Port), new(to.Address, Port), text);

    private static async Task RegroupAsync(TestNetwork network, params (int, Guid?)[] guests) => Assert.Null((await network.Guests.RegroupAsync(guests, default)).Error);
}
