using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>What becomes of instances when the node goes down, and comes back.</summary>
public sealed class DownTests
{
    [Fact]
    public async Task One_that_runs_is_frozen_and_survives_the_host()
    {
        await using var node = await RunningAsync();
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.Equal((InstanceState.Standby, SleepDepth.Hibernated, MachineState.Exited), (node.Find("web").State, node.Find("web").Depth, node.Machine.State));
        // A host that boots anew knows no machine, and no interface.
        node.Engine.Running.Clear();
        node.Network.Attached.Clear();
        await node.RestartAsync();
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Null(Assert.Single(node.Engine.Restored).Notice.Identity);
        Assert.Single(node.Network.Attached);
    }

    [Fact]
    public async Task One_that_sleeps_is_frozen()
    {
        await using var node = await PausedAsync();
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.Equal(SleepDepth.Hibernated, node.Find("web").Depth);
    }

    [Fact]
    public async Task One_that_was_suspended_is_frozen()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.Equal((InstanceState.Stopped, SleepDepth.Hibernated), (node.Find("web").State, node.Find("web").Depth));
    }

    [Fact]
    public async Task One_with_a_request_that_does_not_end_is_stopped()
    {
        await using var node = await RunningAsync();
        node.Backend.Enter();
        var down = node.Platform.StopAllAsync(null, Cancel);
        await node.AdvanceUntilAsync(() => down.IsCompleted, TimeSpan.FromMilliseconds(100));
        await down;
        Assert.Equal((InstanceState.Stopped, 7), (node.Find("web").State, node.Find("web").StopReason));
        Assert.Equal([15], node.Machine.Signals);
        node.Backend.Leave();
    }

    [Fact]
    public async Task One_that_cannot_be_frozen_keeps_its_machine_and_its_memory()
    {
        await using var node = await RunningAsync();
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        var down = await node.Platform.StopAllAsync(null, Cancel);
        Assert.Contains("web cannot be written: No room.", down.Error!.Message, StringComparison.Ordinal);
        Assert.Equal((InstanceState.Standby, SleepDepth.Paused, MachineState.Paused), (node.Find("web").State, node.Find("web").Depth, node.Machine.State));
        Assert.Empty(node.Machine.Signals);
        // The next one goes on with it.
        node.Machine.RefuseCapture = null;
        await node.RestartAsync();
        Assert.True((await node.Platform.StopAllAsync(null, Cancel)).IsSuccess);
        Assert.Equal(SleepDepth.Hibernated, node.Find("web").Depth);
    }

    [Fact]
    public async Task One_that_applications_hold_awake_is_stopped()
    {
        await using var node = await RunningAsync();
        // Once the second is taken, the first has been heard.
        node.Machine.Happen(new MachineEvent.SleepHoldsChanged(1));
        node.Machine.Happen(new MachineEvent.SleepHoldsChanged(1));
        await node.UntilAsync(() => node.Machine.Events.Count == 0);
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
    }

    [Fact]
    public async Task One_that_sleeps_deeply_sleeps_on()
    {
        await using var node = await HibernatedAsync();
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.Equal(SleepDepth.Hibernated, node.Find("web").Depth);
    }
}
