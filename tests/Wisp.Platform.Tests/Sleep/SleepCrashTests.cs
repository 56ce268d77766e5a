using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>
/// kill -9 of wispd at each step of freezing and waking: afterwards the instance is as before or as after, never lost, never double, and
/// nothing is left over.
/// </summary>
public sealed class SleepCrashTests
{
    [Fact]
    public async Task While_its_memory_is_given_back()
    {
        await using var node = await PausedAsync();
        node.Machine.HoldCapture = new();
        await node.AdvanceUntilAsync(() => node.Machine.Captures.Count == 2, TimeSpan.FromSeconds(1));
        await File.WriteAllTextAsync(Path.Combine(node.DirectoryOf("web"), "reclaimed.new"), "half", Cancel);
        await CrashAsync(node);
        Assert.Equal(SleepDepth.Paused, node.Find("web").Depth);
        await AssertAsleepInItsMachineAsync(node);
        Assert.Empty(FilesOf(node, "reclaimed*"));
    }

    [Fact]
    public async Task After_its_memory_was_given_back()
    {
        await using var node = await PausedAsync();
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        await CrashAsync(node);
        Assert.Equal(SleepDepth.Reclaimed, node.Find("web").Depth);
        Assert.Single(FilesOf(node, "reclaimed*"));
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task While_it_is_captured()
    {
        await using var node = await AsleepAndReclaimedAsync();
        node.Machine.HoldCapture = new();
        await node.AdvanceUntilAsync(() => node.Machine.Captures.Count == 3, TimeSpan.FromSeconds(1));
        await CrashAsync(node);
        // It runs for that: it comes back awake.
        await node.UntilAsync("web", InstanceState.Running);
        await AssertServedByItsMachineAsync(node);
    }

    [Fact]
    public async Task While_a_suspended_one_is_captured()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        node.Machine.HoldCapture = new();
        await node.AdvanceUntilAsync(() => node.Machine.Captures.Count == 3, TimeSpan.FromSeconds(1));
        await CrashAsync(node);
        Assert.Equal((InstanceState.Stopped, MachineState.Paused), (node.Find("web").State, node.Machine.State));
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task Before_it_is_written_down()
    {
        await using var node = await AsleepAndReclaimedAsync();
        node.Store.HoldCommits = new();
        await node.AdvanceUntilAsync(() => node.Store.Held == 1, TimeSpan.FromSeconds(1));
        await CrashAsync(node);
        await AssertAsleepInItsMachineAsync(node);
    }

    [Fact]
    public async Task Before_its_machine_is_ended()
    {
        await using var node = await PausedAsync();
        node.Machine.HoldKill = new();
        await node.AdvanceUntilAsync(() => node.Machine.IsToDie, TimeSpan.FromSeconds(5));
        await CrashAsync(node);
        await AssertAsleepInItsMachineAsync(node);
    }

    [Fact]
    public async Task Before_its_interface_is_removed()
    {
        await using var node = await PausedAsync();
        node.Network.HoldDetach = new();
        await node.AdvanceUntilAsync(() => node.Machine.State == MachineState.Exited, TimeSpan.FromSeconds(5));
        await CrashAsync(node);
        await AssertAsleepOnDiskAsync(node);
        Assert.Single(node.Network.Attached);
    }

    [Fact]
    public async Task After_it_was_frozen()
    {
        await using var node = await HibernatedAsync();
        await CrashAsync(node);
        await AssertAsleepOnDiskAsync(node);
    }

    [Fact]
    public async Task After_a_suspended_one_was_frozen()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await DeepAsync(node);
        await CrashAsync(node);
        Assert.Equal((InstanceState.Stopped, SleepDepth.Hibernated), (node.Find("web").State, node.Find("web").Depth));
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        Assert.Single(node.Engine.Restored);
    }

    [Fact]
    public async Task While_it_is_restored_and_has_not_run()
    {
        await using var node = await HibernatedAsync();
        node.Engine.HoldRestore = new();
        node.Backend.Enter();
        _ = node.Backend.WakeAsync(Cancel);
        await node.UntilAsync(() => node.Engine.RestoresHeld == 1);
        Assert.Empty(FilesOf(node, "woken-*"));
        await CrashAsync(node);
        await AssertAsleepOnDiskAsync(node);
    }

    [Fact]
    public async Task After_it_ran_again_and_its_machine_lives()
    {
        await using var node = await WokenAsync();
        await CrashAsync(node);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(2, node.Engine.Started.Count);
        await AssertNothingFrozenAsync(node);
    }

    [Fact]
    public async Task After_it_ran_again_and_its_machine_died_too()
    {
        await using var node = await WokenAsync();
        node.Engine.Running.Clear();
        await CrashAsync(node);
        // It went on after it was frozen: that state must not come back.
        var view = node.Find("web");
        Assert.Equal(InstanceState.Stopped, view.State);
        Assert.Contains("gone when wispd came back", view.StopDetail, StringComparison.Ordinal);
        await AssertNothingFrozenAsync(node);
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        Assert.NotNull(node.Engine.Restored.Last().Notice.Identity);
    }

    [Fact]
    public async Task After_it_was_called_for_while_it_was_written_down()
    {
        await using var node = await AsleepAndReclaimedAsync();
        var machine = node.Machine;
        var hold = node.Store.HoldCommits = Hold();
        await node.AdvanceUntilAsync(() => node.Store.Held == 1, TimeSpan.FromSeconds(1));
        var request = node.RequestAsync();
        node.Store.HoldCommits = new();
        hold.SetResult();
        Assert.True((await request).IsSuccess);
        machine.End(new MachineExit(MachineExitCause.VmmDied, null, null));
        await CrashAsync(node);
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
        await AssertNothingFrozenAsync(node);
    }

    [Fact]
    public async Task A_mark_of_an_earlier_wake_says_nothing_about_the_next_sleep()
    {
        await using var node = await HibernatedAsync();
        await File.WriteAllTextAsync(Path.Combine(node.DirectoryOf("web"), $"woken-{Guid.NewGuid()}"), "", Cancel);
        await CrashAsync(node);
        await AssertAsleepOnDiskAsync(node);
    }

    private static async Task<TestNode> AsleepAndReclaimedAsync()
    {
        var node = await PausedAsync();
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        return node;
    }

    // Awake again, with nothing written down of it.
    private static async Task<TestNode> WokenAsync()
    {
        var node = await HibernatedAsync();
        node.Store.HoldCommits = new();
        Assert.True((await node.RequestAsync()).IsSuccess);
        await node.UntilAsync(() => node.Store.Held == 1);
        return node;
    }

    private static async Task CrashAsync(TestNode node)
    {
        node.Store.HoldCommits = null;
        node.Engine.HoldRestore = node.Network.HoldDetach = null;
        foreach (var machine in node.Engine.Started)
        {
            machine.HoldCapture = machine.HoldKill = null;
        }

        await node.RestartAsync();
        node.Engine.HoldRestore = null;
    }

    private static async Task AssertAsleepInItsMachineAsync(TestNode node)
    {
        Assert.Equal((InstanceState.Standby, MachineState.Paused), (node.Find("web").State, node.Machine.State));
        await AssertServedByItsMachineAsync(node);
    }

    private static async Task AssertServedByItsMachineAsync(TestNode node)
    {
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Single(node.Engine.Started);
        Assert.Equal(MachineState.Running, node.Machine.State);
        await AssertNothingFrozenAsync(node);
    }

    private static async Task AssertAsleepOnDiskAsync(TestNode node)
    {
        Assert.Equal((InstanceState.Standby, SleepDepth.Hibernated), (node.Find("web").State, node.Find("web").Depth));
        Assert.Empty(FilesOf(node, "woken-*"));
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Equal((2, 1), (node.Engine.Started.Count, node.Engine.Restored.Count));
        await AssertNothingFrozenAsync(node);
    }

    private static Task AssertNothingFrozenAsync(TestNode node) =>
        node.UntilAsync(() => FrozenOf(node).Count == 0 && FilesOf(node, "woken-*").Length == 0);
}
