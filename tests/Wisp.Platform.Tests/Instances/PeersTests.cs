using Wisp.Machines;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>What the network is told of instances, and what it tells them.</summary>
public sealed class PeersTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50), Unseen = TimeSpan.FromMilliseconds(300);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_know_each_other_within_their_account_and_are_grouped_so_from_creation_to_deletion()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var acme = (await node.Platform.Accounts.CreateAsync(Caller.Owner, "acme", AccountLimits.None, Cancel)).Value.Uuid;
        var other = node.Platform.For(new Caller(acme, "acme", Role.Write, null)).Instances;
        foreach (var (rooms, name) in new[] { (node.Instances, "web"), (node.Instances, "db"), (other, "db"), (other, "secret") })
        {
            Assert.Null((await rooms.CreateAsync(new CreateInstance { Name = name, Image = "hello" }, Cancel)).Error);
        }

        for (var life = 0; life < 2; life++)
        {
            var guests = node.Platform.Guests;
            Assert.Equal([1, 2, null, null, 0], [guests.Find(0, "db"), guests.Find(3, "db"), guests.Find(0, "secret"), guests.Find(9, "db"), guests.Find(0, "web")]);
            Assert.Equal(["db", null, null, "secret"], [guests.NameOf(0, 1), guests.NameOf(0, 2), guests.NameOf(0, 9), guests.NameOf(2, 3)]);
            Assert.Equal([Account.Own, Account.Own, acme, acme], node.Network.Groups.OrderBy(group => group.Key).Select(group => group.Value).ToArray());
            node.Network.Groups.Clear();
            await node.RestartAsync();
        }

        Assert.Null((await node.Instances.DeleteAsync(ResourceRef.To("db"), DeleteOptions.Usual, Cancel)).Error);
        Assert.DoesNotContain(1, node.Network.Groups.Keys);
        Assert.Null(node.Platform.Guests.Find(0, "db"));
    }

    [Fact]
    public async Task What_another_sends_wakes_it_once_and_keeps_it_awake_until_no_more_can_come_unseen()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        var resumed = node.Machine.Resumes;
        for (var packet = 0; packet < 5; packet++)
        {
            node.Platform.Guests.Stir(0, Unseen);
        }

        // Counted once it runs.
        await node.UntilAsync(() => node.Find("web").State == InstanceState.Running && node.Backend.Wakes > 0);
        Assert.Equal((resumed + 1, 1L), (node.Machine.Resumes, node.Backend.Wakes));
        for (var packet = 0; packet < 10; packet++)
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(900));
            node.Platform.Guests.Stir(0, Unseen);
            Assert.Equal(-Unseen, node.Backend.Idle);
        }

        Assert.Equal((InstanceState.Running, resumed + 1), (node.Find("web").State, node.Machine.Resumes));
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
    }

    [Fact]
    public async Task What_another_sends_starts_nothing_that_was_stopped()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello" }, Cancel);
        node.Platform.Guests.Stir(0, Unseen);
        node.Platform.Guests.Stir(7, Unseen);
        Assert.Equal((InstanceState.Stopped, 0L), (node.Find("web").State, node.Find("web").StartCount));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_sleeps_without_a_machine_has_an_interface_only_where_others_may_call_it(bool isPrivate)
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Network.IsPrivate = isPrivate;
        await node.Instances.CreateAsync(
            TestNode.Published() with { ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, false, TimeSpan.FromSeconds(1), TimeSpan.Zero) }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.AdvanceUntilAsync(() => node.Find("web").Depth == SleepDepth.Discarded, Step);
        Assert.Equal(MachineState.Exited, node.Machine.State);
        Assert.Equal(isPrivate, node.Network.Attached.ContainsKey(0));
        node.Network.Attached.Clear();
        await node.RestartAsync();
        Assert.Equal(isPrivate, node.Network.Attached.ContainsKey(0));
        Assert.Null((await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, null, null), Cancel)).Error);
        Assert.Empty(node.Network.Attached);
    }
}
