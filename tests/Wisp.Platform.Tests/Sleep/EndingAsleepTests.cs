using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>Stops and deletions of what has no machine.</summary>
public sealed class EndingAsleepTests
{
    private static readonly StopOptions AtOnce = new(false, TimeSpan.Zero, null);

    [Fact]
    public async Task A_stop_in_deep_standby_drops_the_state()
    {
        await using var node = await HibernatedAsync(TestNode.Published() with { RestartPolicy = RestartPolicy.Always });
        Assert.True((await node.Instances.StopAsync(Web, AtOnce, Cancel)).IsSuccess);
        var view = node.Find("web");
        Assert.Equal((InstanceState.Stopped, 28, null, null), (view.State, view.StopReason, view.Restart, view.Depth));
        Assert.Equal(BackendState.Gone, node.Backend.State);
        await node.UntilAsync(() => FrozenOf(node).Count == 0);
        await node.RestartAsync();
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        Assert.NotNull(Assert.Single(node.Engine.Restored).Notice.Identity);
    }

    [Fact]
    public async Task A_stop_of_what_was_suspended_and_frozen_makes_it_start_afresh()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await DeepAsync(node);
        await node.Instances.StopAsync(Web, AtOnce, Cancel);
        await node.UntilAsync(() => FrozenOf(node).Count == 0);
        Assert.Equal((InstanceState.Stopped, 28), (node.Find("web").State, node.Find("web").StopReason));
    }

    [Fact]
    public async Task A_deletion_in_deep_standby_leaves_nothing()
    {
        await using var node = await HibernatedAsync();
        var directory = node.DirectoryOf("web");
        Assert.True((await node.Instances.DeleteAsync(Web, Cancel)).IsSuccess);
        await node.UntilAsync(() => FrozenOf(node).Count == 0);
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(await node.Store.ListAsync("", Cancel), entry => !entry.Key.StartsWith("audit/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_that_comes_while_it_is_frozen_calls_that_off()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        machine.HoldCapture = Hold();
        await node.AdvanceUntilAsync(() => machine.Captures.Count == 3, TimeSpan.FromSeconds(5));
        Assert.True((await node.Instances.StopAsync(Web, AtOnce, Cancel)).IsSuccess);
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal([15], machine.Signals);
        Assert.Empty(FrozenOf(node));
        Assert.Empty(FilesOf(node, "reclaimed*"));
    }

    [Fact]
    public async Task An_application_that_ends_after_a_deep_wake_is_not_woken_from_its_past()
    {
        await using var node = await HibernatedAsync();
        var hold = node.Store.HoldCommits = Hold();
        Assert.True((await node.RequestAsync()).IsSuccess);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 3, null));
        hold.SetResult();
        await node.UntilAsync("web", InstanceState.Stopped);
        await node.RestartAsync();
        Assert.Equal((InstanceState.Stopped, 3), (node.Find("web").State, node.Find("web").ExitCode));
        await node.UntilAsync(() => FrozenOf(node).Count == 0);
    }
}
