using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>Shares of the processors.</summary>
public sealed class SchedulingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_has_more_while_it_starts_then_its_own_and_a_wake_changes_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        Assert.Null((await node.Instances.CreateAsync(TestNode.Published() with { Priority = SchedulingPriority.Medium }, Cancel)).Error);
        Assert.Equal([800], node.Machine.CpuShares);
        node.Machine.Boot();
        await node.UntilAsync(() => node.Machine.CpuShares.Count == 2);
        Assert.Equal([800, 200], node.Machine.CpuShares);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromSeconds(1));
        Assert.Null((await node.RequestAsync()).Error);
        Assert.Equal([800, 200], node.Machine.CpuShares);
    }

    [Fact]
    public async Task A_change_takes_effect_at_once_and_outlives_the_daemon()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await ChangeAsync(node, SchedulingPriority.High);
        Assert.Equal([400, 1600], node.Machine.CpuShares);
        node.Machine.Boot();
        await node.UntilAsync(() => node.Machine.CpuShares.Count == 3);
        await ChangeAsync(node, SchedulingPriority.Admin);
        Assert.Equal([400, 1600, 400, 800], node.Machine.CpuShares);
        Assert.Empty(node.Find("web").Updates);
        await node.RestartAsync();
        Assert.Equal(SchedulingPriority.Admin, node.Find("web").Priority);
        // The daemon before may have ended before it gave the machine its own.
        await node.UntilAsync(() => node.Machine.CpuShares.Count == 5);
        Assert.Equal(800, node.Machine.CpuShares.Last());
    }

    [Fact]
    public async Task Only_administrators_give_the_higher_ones()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var writer = node.Platform.For(new Caller(Account.Own, Account.OwnName, Role.Write, null)).Instances;
        foreach (var priority in (SchedulingPriority[])[SchedulingPriority.High, SchedulingPriority.Admin])
        {
            Assert.Equal(ErrorCode.NotAllowed, (await writer.CreateAsync(TestNode.Published() with { Priority = priority }, Cancel)).Error!.Code);
        }

        Assert.Empty(writer.List());
        Assert.Null((await writer.CreateAsync(TestNode.Published() with { Priority = SchedulingPriority.Medium, Autostart = false }, Cancel)).Error);
        var refused = (await writer.ChangeAsync(ResourceRef.To("web"), new PropertyChange.SetPriority(SchedulingPriority.High), Cancel)).Error!;
        Assert.Equal((ErrorCode.NotAllowed, "This token may not do that: 'sched_priority' high needs the role 'admin'."), (refused.Code, refused.Message));
        Assert.Equal(SchedulingPriority.Medium, node.Find("web").Priority);
        await ChangeAsync(node, SchedulingPriority.High);
        // Everybody may lower their own.
        Assert.Null((await writer.ChangeAsync(ResourceRef.To("web"), new PropertyChange.SetPriority(SchedulingPriority.Normal), Cancel)).Error);
        Assert.Equal(SchedulingPriority.Normal, node.Find("web").Priority);
    }

    private static async Task ChangeAsync(TestNode node, SchedulingPriority priority) =>
        Assert.Null((await node.Instances.ChangeAsync(ResourceRef.To("web"), new PropertyChange.SetPriority(priority), Cancel)).Error);
}
