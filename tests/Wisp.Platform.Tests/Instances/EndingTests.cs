using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>Stops and deletions that somebody races, a store refuses, or a client does not wait for.</summary>
public sealed class EndingTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly StopOptions AtOnce = new(false, TimeSpan.Zero, null);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_during_a_deletion_is_refused_and_nothing_comes_back()
    {
        await using var node = await RunningAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true });
        node.Machine.Stubborn = true;
        var deleting = node.Instances.DeleteAsync(Web, Cancel);
        await node.UntilAsync("web", InstanceState.Stopping);
        // The record cannot go yet: the instance is stopped, its deletion under way.
        var hold = node.Store.HoldCommits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        var starting = node.Instances.StartAsync(Web, TimeSpan.Zero, Cancel);
        hold.SetResult();
        Assert.False((await starting).IsSuccess);
        Assert.True((await deleting).IsSuccess);
        Assert.Single(node.Engine.Started);
        Assert.Empty(await node.Store.ListAsync("instances/", Cancel));
        await node.RestartAsync();
        Assert.Empty(node.Instances.List());
    }

    [Fact]
    public async Task A_deletion_that_the_store_refuses_says_so_and_can_be_repeated()
    {
        await using var node = await RunningAsync(TestNode.Published());
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "Disk full.");
        Assert.Equal("Disk full.", (await node.Instances.DeleteAsync(Web, Cancel)).Error?.Message);
        Assert.Equal(InstanceState.Stopped, node.Instances.Find(Web).Value.State);
        node.Store.Refuse = null;
        Assert.True((await node.Instances.DeleteAsync(Web, Cancel)).IsSuccess);
        Assert.Empty(node.Instances.List());
        Assert.DoesNotContain(await node.Store.ListAsync("", Cancel), entry => !entry.Key.StartsWith("audit/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_goes_on_in_the_next_daemon()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null, RestartPolicy = RestartPolicy.Always });
        node.Machine.Stubborn = true;
        await node.Instances.StopAsync(Web, AtOnce, Cancel);
        while (node.Machine.Signals.Count == 0)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        // The first daemon asked in vain, and its clock stands still: only the next one can end the machine.
        node.Machine.Stubborn = false;
        await node.RestartAsync();
        var stopped = await node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal((15, null), (stopped.StopReason, stopped.Restart));
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_stop_whose_machine_ended_without_a_daemon_is_no_reason_to_restart()
    {
        await using var node = await RunningAsync(TestNode.Published() with { ScaleToZero = null, RestartPolicy = RestartPolicy.Always });
        node.Machine.Stubborn = true;
        await node.Instances.StopAsync(Web, AtOnce, Cancel);
        node.Engine.Running.Clear();
        await node.RestartAsync();
        var stopped = node.Instances.Find(Web).Value;
        Assert.Equal((InstanceState.Stopped, 13, null), (stopped.State, stopped.StopReason, stopped.Restart));
        // The wish was for that machine only: the next one is restarted again.
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 1, null));
        while (node.Engine.Started.Count < 3)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Waiting_ends_when_the_instance_is_deleted()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello" }, Cancel);
        var waiting = node.Instances.WaitAsync(Web, InstanceState.Running, null, Cancel);
        Assert.False(waiting.IsCompleted);
        Assert.True((await node.Instances.DeleteAsync(Web, Cancel)).IsSuccess);
        Assert.Equal(ErrorCode.NotFound, (await waiting.WaitAsync(Cancel)).Error?.Code);
    }

    [Fact]
    public async Task A_deletion_goes_on_when_its_client_hangs_up()
    {
        await using var node = await RunningAsync(TestNode.Published());
        node.Machine.Stubborn = true;
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var deleting = node.Instances.DeleteAsync(Web, client.Token);
        await node.UntilAsync("web", InstanceState.Stopping);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        while (node.Instances.List().Count > 0)
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task An_autostart_goes_on_when_its_client_hangs_up()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var hold = node.Store.HoldCommits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var creating = node.Instances.CreateAsync(TestNode.Published() with { TimeoutS = -1 }, client.Token);
        await client.CancelAsync();
        hold.SetResult();
        await Task.WhenAny(creating);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task Drains_go_by_the_nodes_clock()
    {
        await using var node = await RunningAsync(TestNode.Published());
        node.Backend.Enter();
        var suspending = node.Instances.SuspendAsync(Web, TimeSpan.FromDays(1), Cancel);
        while (!suspending.IsCompleted)
        {
            Cancel.ThrowIfCancellationRequested();
            node.Time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        Assert.Equal(ErrorCode.TimedOut, (await suspending).Error?.Code);
        await node.Instances.StopAsync(Web, new StopOptions(false, TimeSpan.FromDays(1), null), Cancel);
        await node.AdvanceUntilAsync("web", InstanceState.Stopped, TimeSpan.FromHours(1));
        Assert.Equal([15], node.Machine.Signals);
        node.Backend.Leave();
    }

    private static async Task<TestNode> RunningAsync(CreateInstance request)
    {
        var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(request, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        return node;
    }
}
