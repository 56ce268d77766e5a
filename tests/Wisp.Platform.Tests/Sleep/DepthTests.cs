using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

/// <summary>How a sleep deepens, and what a wake makes of it.</summary>
public sealed class DepthTests
{
    [Fact]
    public async Task After_a_minute_its_memory_goes_back_to_the_host_and_its_machine_stays()
    {
        await using var node = await PausedAsync();
        Assert.Equal(SleepDepth.Paused, node.Find("web").Depth);
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        var request = node.Machine.Captures.Last();
        Assert.Equal((TimeSpan.Zero, false), (request.PrepareTimeout, request.RunOn));
        Assert.Equal((MachineState.Paused, 1, 2), (node.Machine.State, node.Machine.Memory.Kept, node.Machine.Memory.Layers.Count));
        Assert.Single(FilesOf(node, "reclaimed*"));
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_second_sleep_writes_a_file_anew_and_what_is_awake_leaves_none()
    {
        await using var node = await PausedAsync();
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Empty(FilesOf(node, "reclaimed*"));
        await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(50));
        Assert.Equal(SleepDepth.Paused, node.Find("web").Depth);
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        // The boot snapshot's, and one for each sleep.
        Assert.Equal((3, 2), (node.Machine.Rebases, node.Machine.Memory.Layers.Count));
    }

    [Fact]
    public async Task After_a_quarter_of_an_hour_it_is_a_snapshot_and_nothing_else()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        var from = node.Time.GetUtcNow();
        await DeepAsync(node);
        Assert.True(node.Time.GetUtcNow() - from >= TimeSpan.FromMinutes(14));
        var view = node.Find("web");
        Assert.Equal((InstanceState.Standby, 39, BackendState.Asleep), (view.State, view.StopReason, node.Backend.State));
        Assert.Equal((MachineState.Exited, 2), (machine.State, machine.Prepared));
        Assert.Empty(node.Network.Attached);
        Assert.Empty(FilesOf(node, "*"));
        // It stores what differs from the boot snapshot that it came from.
        var manifest = node.Snapshots.Find(view.Snapshot!.Value)!.Manifest!;
        Assert.Equal(machine.Memory.Layers[0].Path.Split('/')[^2], Assert.Single(manifest.Layers).ToString());
        Assert.Contains((128, 1), node.Engine.Expected);
    }

    [Fact]
    public async Task A_request_wakes_it_as_itself_without_the_store_and_then_the_snapshot_goes()
    {
        await using var node = await HibernatedAsync();
        var frozen = node.Find("web").Snapshot!.Value;
        var hold = node.Store.HoldCommits = Hold();
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Equal((InstanceState.Running, MachineState.Running, BackendState.Awake), (node.Find("web").State, node.Machine.State, node.Backend.State));
        var restore = Assert.Single(node.Engine.Restored);
        Assert.Null(restore.Notice.Identity);
        Assert.Equal((2, 1), (restore.Memory.Layers.Count, restore.Memory.Kept));
        Assert.Single(FilesOf(node, "woken-*"));
        hold.SetResult();
        await node.UntilAsync(() => node.Snapshots.Find(frozen) is null && FilesOf(node, "woken-*").Length == 0);
        Assert.Equal((1, 0), (node.Find("web").StartCount, node.Find("web").RestartCount));
    }

    [Fact]
    public async Task It_sleeps_and_wakes_as_often_as_it_likes_and_its_layers_do_not_grow()
    {
        await using var node = await HibernatedAsync();
        for (var i = 0; i < 12; i++)
        {
            Assert.True((await node.RequestAsync()).IsSuccess);
            await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(50));
            await DeepAsync(node);
            Assert.Single(node.Snapshots.Find(node.Find("web").Snapshot!.Value)!.Manifest!.Layers);
        }

        await node.UntilAsync(() => node.Snapshots.List().Count == 2);
    }

    [Fact]
    public async Task A_start_wakes_it()
    {
        await using var node = await HibernatedAsync();
        var started = await node.Instances.StartAsync(Web, null, Cancel);
        Assert.Equal((InstanceState.Standby, InstanceState.Running), (started.Value.PreviousState, started.Value.State));
        Assert.Single(node.Engine.Restored);
    }

    [Fact]
    public async Task What_a_user_suspended_is_frozen_too_and_goes_on_when_it_is_started()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null });
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await DeepAsync(node);
        Assert.Equal((InstanceState.Stopped, 13, BackendState.Gone), (node.Find("web").State, node.Find("web").StopReason, node.Backend.State));
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        Assert.Equal((InstanceState.Running, null, null), (node.Find("web").State, node.Find("web").StopReason, node.Find("web").StoppedAt));
        Assert.Single(node.Engine.Restored);
        await node.UntilAsync(() => FrozenOf(node).Count == 0);
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
    }

    [Fact]
    public async Task A_capture_that_fails_leaves_it_asleep_in_memory_and_is_tried_again_later()
    {
        await using var node = await PausedAsync();
        var machine = node.Machine;
        machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        // Once to give its memory back, and once to be frozen.
        await node.AdvanceUntilAsync(() => machine.Refused == 2, TimeSpan.FromSeconds(1));
        var first = node.Time.GetUtcNow();
        await node.AdvanceUntilAsync(() => machine.Refused == 3, TimeSpan.FromSeconds(1));
        Assert.True(node.Time.GetUtcNow() - first >= TimeSpan.FromMinutes(14));
        await node.UntilAsync(() => machine.State == MachineState.Paused);
        Assert.Equal((InstanceState.Standby, SleepDepth.Paused, MachineState.Paused), (node.Find("web").State, node.Find("web").Depth, machine.State));
        Assert.Empty(FilesOf(node, "reclaimed*"));
        machine.RefuseCapture = null;
        await DeepAsync(node);
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_store_that_refuses_leaves_it_asleep_in_memory()
    {
        await using var node = await PausedAsync();
        await UntilDepthAsync(node, SleepDepth.Reclaimed);
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "Disk full.");
        await node.AdvanceUntilAsync(() => node.Store.Refused == 1, TimeSpan.FromSeconds(1));
        await node.UntilAsync(() => FrozenOf(node).Count == 0 && node.Machine.State == MachineState.Paused);
        Assert.Equal((MachineState.Paused, SleepDepth.Reclaimed), (node.Machine.State, node.Find("web").Depth));
        Assert.True((await node.RequestAsync()).IsSuccess);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_damaged_sleep_is_refused_with_the_way_out_and_never_started_afresh_by_itself()
    {
        await using var node = await HibernatedAsync();
        var frozen = node.Find("web").Snapshot!.Value;
        await File.AppendAllTextAsync(Path.Combine(node.InstancesDirectory, "snapshots", frozen.ToString(), "memory"), "x", Cancel);
        var refused = (await node.RequestAsync()).Error;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-damaged"), (refused?.Code, refused?.Help));
        Assert.StartsWith("Instance 'web' cannot be woken: ", refused?.Message, StringComparison.Ordinal);
        Assert.Contains("wisp instances start web --cold", refused?.NextStep, StringComparison.Ordinal);
        Assert.Equal(refused, (await node.Instances.StartAsync(Web, null, Cancel)).Error);
        Assert.Equal((InstanceState.Standby, frozen), (node.Find("web").State, node.Find("web").Snapshot));
        Assert.Empty(node.Engine.Restored);
        Assert.True((await node.Instances.StartColdAsync(Web, null, Cancel)).IsSuccess);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
        await node.UntilAsync(() => node.Snapshots.Find(frozen) is null);
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_it_asleep_and_the_next_request_tries_again()
    {
        await using var node = await HibernatedAsync();
        node.Engine.RefuseRestore = new WispError(ErrorCode.OperationFailed, "No memory.");
        Assert.StartsWith("Instance 'web' cannot be woken: No memory.", (await node.RequestAsync()).Error?.Message, StringComparison.Ordinal);
        Assert.Empty(FilesOf(node, "woken-*"));
        node.Engine.RefuseRestore = null;
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task Another_engine_says_so()
    {
        await using var node = await HibernatedAsync();
        node.Engine.Compatibility = node.Engine.Compatibility with { EngineVersion = "2" };
        await node.RestartAsync();
        Assert.Equal("snapshot-incompatible", (await node.RequestAsync()).Error?.Help);
    }
}
