using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>A request at each step of a deepening sleep: it wins, and loses nothing.</summary>
public sealed class SleepRaceTests
{
    [Fact]
    public async Task While_its_memory_is_given_back()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        machine.HoldCapture = Hold();
        await node.AdvanceUntilAsync(() => machine.Captures.Count == 2, TimeSpan.FromSeconds(1));
        Assert.True((await node.RequestAsync()).IsSuccess);
        await AssertAwakeInAsync(node, machine);
        Assert.Empty(FilesOf(node, "reclaimed*"));
    }

    [Fact]
    public async Task While_it_is_captured()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        machine.HoldCapture = Hold();
        await node.AdvanceUntilAsync(() => machine.Captures.Count == 3, TimeSpan.FromSeconds(1));
        Assert.True((await node.RequestAsync()).IsSuccess);
        await AssertAwakeInAsync(node, machine);
        Assert.Empty(FrozenOf(node));
    }

    [Fact]
    public async Task While_it_is_written_down()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        var hold = node.Store.HoldCommits = Hold();
        await node.AdvanceUntilAsync(() => FrozenOf(node).Count == 1, TimeSpan.FromSeconds(1));
        await node.UntilAsync(() => node.Store.Held == 1);
        var request = node.RequestAsync();
        hold.SetResult();
        Assert.True((await request).IsSuccess);
        await AssertAwakeInAsync(node, machine);
        // It was written down that it sleeps in the snapshot: that must not be believed any more.
        await node.UntilAsync(() => FrozenOf(node).Count == 0 && FilesOf(node, "woken-*").Length == 0);
    }

    [Fact]
    public async Task While_its_machine_is_ended()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        var hold = machine.HoldKill = Hold();
        await node.AdvanceUntilAsync(() => machine.IsToDie, TimeSpan.FromSeconds(5));
        Assert.NotEqual(SleepDepth.Hibernated, node.Find("web").Depth);
        var request = node.RequestAsync();
        hold.SetResult();
        Assert.True((await request).IsSuccess);
        Assert.Equal((MachineState.Exited, 2), (machine.State, node.Engine.Started.Count));
        await AssertAwakeInAsync(node, node.Machine);
        Assert.Single(node.Engine.Restored);
    }

    [Fact]
    public async Task While_its_interface_is_removed()
    {
        await using var node = await PausedAsync();
        var hold = node.Network.HoldDetach = Hold();
        await node.AdvanceUntilAsync(() => node.Machine.State == MachineState.Exited, TimeSpan.FromSeconds(5));
        var request = node.RequestAsync();
        hold.SetResult();
        Assert.True((await request).IsSuccess);
        await AssertAwakeInAsync(node, node.Machine);
        Assert.Single(node.Network.Attached);
    }

    [Fact]
    public async Task Many_at_once_cause_one_wake()
    {
        await using var node = await HibernatedAsync();
        var hold = node.Engine.HoldRestore = Hold();
        var requests = Enumerable.Range(0, 64).Select(_ => node.RequestAsync()).ToArray();
        hold.SetResult();
        Assert.All(await Task.WhenAll(requests), result => Assert.True(result.IsSuccess));
        Assert.Single(node.Engine.Restored);
        Assert.Equal(1, node.Backend.Wakes);
    }

    [Fact]
    public async Task Wherever_it_comes_it_is_served_by_one_machine()
    {
        await using var node = await RunningAsync();
        for (var round = 0; round < 60; round++)
        {
            await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(50));
            // As far as it gets: somewhere in the middle of giving back, freezing and ending.
            node.Time.Advance(TimeSpan.FromMinutes(16));
            for (var i = 0; i < round * 3; i++)
            {
                await Task.Yield();
            }

            Assert.True((await node.RequestAsync()).IsSuccess);
            Assert.Equal(1, node.Engine.Started.Count(machine => machine.State != MachineState.Exited));
            Assert.Equal(MachineState.Running, node.Machine.State);
        }

        await node.UntilAsync(() => FrozenOf(node).Count == 0 && FilesOf(node, "woken-*").Length == 0);
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
    }

    private static async Task AssertAwakeInAsync(TestNode node, FakeMachine machine)
    {
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal((MachineState.Running, machine), (machine.State, node.Machine));
    }
}
