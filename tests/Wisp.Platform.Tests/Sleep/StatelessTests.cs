using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>Stateless standby keeps nothing.</summary>
public sealed class StatelessTests
{
    private static readonly CreateInstance Stateless = TestNode.Published() with
    {
        ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, false, TimeSpan.FromSeconds(1), TimeSpan.Zero),
        RestartPolicy = RestartPolicy.Always,
    };

    [Fact]
    public async Task Its_machine_ends_and_a_request_starts_it_afresh()
    {
        await using var node = await PausedAsync(Stateless);
        var view = node.Find("web");
        Assert.Equal((39, SleepDepth.Discarded, null), (view.StopReason, view.Depth, view.Restart));
        Assert.Equal(MachineState.Exited, node.Machine.State);
        Assert.Empty(node.Network.Attached);
        Assert.Empty(FrozenOf(node));
        Assert.True((await node.RequestAsync()).IsSuccess);
        // From the boot snapshot of its image, and as somebody else than who was frozen there.
        Assert.NotNull(Assert.Single(node.Engine.Restored).Notice.Identity);
        Assert.Equal((InstanceState.Running, 1, 0), (node.Find("web").State, node.Find("web").StartCount, node.Find("web").RestartCount));
    }

    [Fact]
    public async Task A_wake_writes_nothing_before_the_request_is_served()
    {
        await using var node = await PausedAsync(Stateless);
        var hold = node.Store.HoldCommits = Hold();
        Assert.True((await node.RequestAsync()).IsSuccess);
        hold.SetResult();
    }

    [Fact]
    public async Task A_cold_one_boots_and_the_request_waits_for_its_port()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(Stateless with { Cold = true }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.AdvanceUntilAsync(() => node.Find("web").Depth == SleepDepth.Discarded, TimeSpan.FromMilliseconds(50));
        node.Engine.BootAtOnce = false;
        var request = node.RequestAsync();
        await node.UntilAsync(() => node.Engine.Started.Count == 2);
        Assert.False(request.IsCompleted);
        node.Machine.Boot();
        Assert.True((await request).IsSuccess);
    }

    [Fact]
    public async Task A_wake_that_fails_leaves_it_asleep_and_says_why()
    {
        await using var node = await PausedAsync(Stateless);
        node.Engine.RefuseRestore = node.Engine.Refuse = new WispError(ErrorCode.OperationFailed, "No memory.");
        Assert.Equal("No memory.", (await node.RequestAsync()).Error?.Message);
        Assert.Equal((InstanceState.Standby, SleepDepth.Discarded), (node.Find("web").State, node.Find("web").Depth));
        node.Engine.RefuseRestore = node.Engine.Refuse = null;
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_request_that_comes_before_its_machine_is_ended_keeps_it()
    {
        await using var node = await RunningAsync(Stateless);
        var machine = node.Machine;
        var hold = node.Store.HoldCommits = Hold();
        await node.AdvanceUntilAsync(() => node.Store.Held == 1, TimeSpan.FromMilliseconds(50));
        var request = node.RequestAsync();
        hold.SetResult();
        Assert.True((await request).IsSuccess);
        Assert.Equal((MachineState.Running, 1), (machine.State, node.Engine.Started.Count));
        await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_restart_of_wispd_leaves_it_asleep()
    {
        await using var node = await PausedAsync(Stateless);
        await node.RestartAsync();
        Assert.Equal((InstanceState.Standby, SleepDepth.Discarded), (node.Find("web").State, node.Find("web").Depth));
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_crash_before_its_machine_is_ended_ends_it()
    {
        await using var node = await RunningAsync(Stateless);
        var machine = node.Machine;
        machine.HoldKill = new();
        await node.AdvanceUntilAsync(() => node.Backend.State == Gateway.BackendState.Asleep, TimeSpan.FromMilliseconds(50));
        machine.HoldKill = null;
        await machine.PauseAsync(Cancel);
        await node.RestartAsync();
        Assert.Equal((InstanceState.Standby, MachineState.Exited), (node.Find("web").State, machine.State));
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_stop_in_its_sleep_stops_it()
    {
        await using var node = await PausedAsync(Stateless);
        Assert.True((await node.Instances.StopAsync(Web, new StopOptions(false, TimeSpan.Zero, null), Cancel)).IsSuccess);
        Assert.Equal((InstanceState.Stopped, null), (node.Find("web").State, node.Find("web").Restart));
        await node.RestartAsync();
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
    }
}
