using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

public sealed class LifecycleTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_instance_boots_and_runs_once_its_port_is_open()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var created = (await node.Instances.CreateAsync(TestNode.Published(), Cancel)).Value.Single();
        Assert.Equal(InstanceState.Starting, created.State);
        node.Machine.Happen(new MachineEvent.EntrypointStarted(TimeSpan.FromSeconds(3)));
        node.Machine.Happen(new MachineEvent.PortOpened(80));
        var running = await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(TimeSpan.FromSeconds(3), running.BootTime);
        Assert.Equal(BackendState.Awake, node.Backend.State);
    }

    [Fact]
    public async Task The_guest_is_told_what_the_image_and_the_request_say()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Args = ["/other", "-v"], Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "b=c" } }, Cancel);
        var guest = node.Machine.Specification.Guest;
        Assert.Equal(["/other", "-v"], guest.Argv);
        Assert.Equal(["PATH=/bin", "A=b=c"], guest.Environment);
        Assert.Equal(("/app", "app", "web"), (guest.WorkingDirectory, guest.User, guest.Hostname));
        Assert.Equal([80], guest.WatchedPorts);
    }

    [Fact]
    public async Task An_idle_instance_sleeps_after_its_cooldown_and_wakes_for_a_request()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var resumed = node.Machine.Resumes;
        var asleep = await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        Assert.Equal(39, asleep.StopReason);
        Assert.Equal(MachineState.Paused, node.Machine.State);

        Assert.False(node.Backend.Enter());
        Assert.True((await node.Backend.WakeAsync(Cancel)).IsSuccess);
        Assert.Equal(InstanceState.Running, node.Instances.Find(ResourceRef.To("web")).Value.State);
        node.Backend.Leave();
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        Assert.Equal(resumed + 1, node.Machine.Resumes);
    }

    [Fact]
    public async Task An_open_request_keeps_it_awake()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.True(node.Backend.Enter());
        for (var i = 0; i < 200; i++)
        {
            node.Time.Advance(Step);
            await Task.Yield();
        }

        Assert.Equal(InstanceState.Running, node.Instances.Find(ResourceRef.To("web")).Value.State);
        node.Backend.Leave();
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
    }

    [Fact]
    public async Task A_request_that_comes_while_it_falls_asleep_wins()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var hold = node.Machine.HoldPause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (node.Backend.State != BackendState.FallingAsleep)
        {
            Cancel.ThrowIfCancellationRequested();
            node.Time.Advance(Step);
            await Task.Yield();
        }

        Assert.False(node.Backend.Enter());
        var waking = node.Backend.WakeAsync(Cancel);
        hold.SetResult();
        Assert.True((await waking).IsSuccess);
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Instances.Find(ResourceRef.To("web")).Value.State, node.Machine.State));
        node.Backend.Leave();
    }

    [Fact]
    public async Task Sleeping_and_waking_write_no_record()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        var written = await RecordsAsync(node);
        node.Backend.Enter();
        await node.Backend.WakeAsync(Cancel);
        node.Backend.Leave();
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        Assert.Equal(written, await RecordsAsync(node));
    }

    // All but what the audit stream keeps, which is written down at leisure.
    private static async Task<IReadOnlyList<(string, long)>> RecordsAsync(TestNode node) =>
        [.. (await node.Store.ListAsync("", Cancel)).Where(entry => !entry.Key.StartsWith("audit/", StringComparison.Ordinal)).Select(entry => (entry.Key, entry.Revision))];

    [Fact]
    public async Task A_stop_asks_the_application_and_reports_its_exit_code()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var stop = (await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.Zero, null), Cancel)).Value;
        Assert.Equal(InstanceState.Running, stop.PreviousState);
        var stopped = await node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal((15, 143), (stopped.StopReason, stopped.ExitCode));
        Assert.Equal([15], node.Machine.Signals);
        Assert.Empty(node.Network.Attached);
    }

    [Fact]
    public async Task A_stop_wakes_a_sleeping_instance_so_that_it_hears_the_signal()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var resumed = node.Machine.Resumes;
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal((resumed + 1, 1), (node.Machine.Resumes, node.Machine.Signals.Count));
    }

    [Fact]
    public async Task A_stubborn_application_is_killed_after_the_grace()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Machine.Stubborn = true;
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.Zero, null), Cancel);
        var stopped = await node.AdvanceUntilAsync("web", InstanceState.Stopped, TimeSpan.FromSeconds(1));
        Assert.Equal(28, stopped.StopReason);
    }

    [Fact]
    public async Task A_stop_drains_what_is_open_first()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Backend.Enter();
        var stop = (await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.FromMinutes(1), null), Cancel)).Value;
        Assert.Equal(InstanceState.Draining, stop.State);
        Assert.Equal(BackendState.Gone, node.Backend.State);
        Assert.Empty(node.Machine.Signals);
        node.Backend.Leave();
        await node.AdvanceUntilAsync("web", InstanceState.Stopped, Step);
        Assert.Equal([15], node.Machine.Signals);
    }

    [Fact]
    public async Task Whoever_has_less_patience_ends_a_drain()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Backend.Enter();
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.FromHours(20), null), Cancel);
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.FromMinutes(1), null), Cancel);
        // More patience than is left changes nothing.
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.FromHours(1), null), Cancel);
        var from = node.Time.GetUtcNow();
        while (node.Machine.Signals.Count == 0)
        {
            node.Time.Advance(TimeSpan.FromSeconds(5));
            // So that this clock does not run away from those who set their timers by it.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancel);
        }

        Assert.InRange(node.Time.GetUtcNow() - from, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
        node.Backend.Leave();
    }

    [Fact]
    public async Task A_delete_does_not_wait_for_anothers_drain()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        // It is gone before the request is, when the delete is quick.
        var backend = node.Backend;
        backend.Enter();
        await node.Instances.StopAsync(ResourceRef.To("web"), new StopOptions(false, TimeSpan.FromHours(20), null), Cancel);
        var deleted = node.Instances.DeleteAsync(ResourceRef.To("web"), Cancel);
        await node.UntilAsync(() => node.Machine.Signals.Count > 0);
        backend.Leave();
        Assert.True((await deleted).IsSuccess);
    }

    [Fact]
    public async Task A_suspend_of_an_instance_whose_policy_is_off_stops_it_resumably()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var resumed = node.Machine.Resumes;
        var suspended = (await node.Instances.SuspendAsync(ResourceRef.To("web"), null, Cancel)).Value;
        Assert.Equal(InstanceState.Stopped, suspended.State);
        Assert.Equal((MachineState.Paused, BackendState.Gone), (node.Machine.State, node.Backend.State));
        await node.Instances.StartAsync(ResourceRef.To("web"), TimeSpan.Zero, Cancel);
        var view = node.Instances.Find(ResourceRef.To("web")).Value;
        Assert.Equal((InstanceState.Running, null, resumed + 1), (view.State, view.StopReason, node.Machine.Resumes));
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_suspend_that_cannot_drain_in_time_says_what_is_open()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Backend.Enter();
        var refused = await node.Instances.SuspendAsync(ResourceRef.To("web"), TimeSpan.Zero, Cancel);
        Assert.Equal(ErrorCode.TimedOut, refused.Error?.Code);
        Assert.Contains("1 requests or connections", refused.Error?.Message, StringComparison.Ordinal);
        node.Backend.Leave();
    }

    [Fact]
    public async Task An_application_that_ends_by_itself_is_reported_and_restarted_by_policy()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { RestartPolicy = RestartPolicy.OnFailure, ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 3, null));
        while (node.Engine.Started.Count < 2)
        {
            Cancel.ThrowIfCancellationRequested();
            node.Time.Advance(Step);
            await Task.Yield();
        }

        var again = await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal((1, 1), (again.StartCount, again.RestartCount));
    }

    [Fact]
    public async Task Deleting_removes_instance_group_route_and_interface()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var deleted = await node.Instances.DeleteAsync(ResourceRef.To("web"), Cancel);
        Assert.Equal(InstanceState.Running, deleted.Value.PreviousState);
        Assert.Empty(node.Instances.List());
        Assert.Empty(node.Services.List());
        Assert.Empty(node.Gateway.Routes);
        Assert.Empty(node.Network.Attached);
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(ResourceRef.To("web")).Error?.Code);
    }

    [Fact]
    public async Task Delete_on_stop_removes_the_instance_as_it_ends()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "job", Image = "hello", Autostart = true, DeleteOnStop = true }, Cancel);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        while (node.Instances.List().Count > 0)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_start_that_the_engine_refuses_is_reported_and_leaves_nothing()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.Refuse = new WispError(ErrorCode.OperationFailed, "No QEMU.");
        var failed = await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        Assert.StartsWith("No QEMU.", failed.Error?.Message, StringComparison.Ordinal);
        var kept = node.Instances.Find(ResourceRef.To("web")).Value;
        Assert.Equal((InstanceState.Stopped, 4), (kept.State, kept.StopReason));
        Assert.Empty(node.Network.Attached);
    }

    [Fact]
    public async Task Waiting_for_an_application_that_never_listens_says_which_port()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        node.Machine.Happen(new MachineEvent.EntrypointStarted(TimeSpan.Zero));
        var late = await node.Instances.WaitAsync(ResourceRef.To("web"), InstanceState.Running, TimeSpan.Zero, Cancel);
        Assert.Equal(ErrorCode.TimedOut, late.Error?.Code);
        Assert.StartsWith("Instance 'web' is starting, not running, and the time is up.", late.Error?.Message, StringComparison.Ordinal);
        Assert.Equal(InstanceState.Starting, node.Instances.Find(ResourceRef.To("web")).Value.State);
    }
}
