using Wisp.Gateway;
using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Tests.Frozen;
using Wisp.Snapshots;
using Wisp.Testing;
using static Wisp.Platform.Tests.Forks.Forking;

namespace Wisp.Platform.Tests.Forks;

/// <summary>Machines that guests duplicate.</summary>
public sealed class ForkTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_child_goes_on_from_the_fork_and_the_parent_hears_its_uuid()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var child = await ForkAsync(node, parent, 1);
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Find("web").State, parent.State));
        Assert.Matches("^web-[a-z0-9]{5}$", child.Name);
        Assert.True(child.DeleteOnStop);
        Assert.Equal((128, null, ScaleToZeroPolicy.Off), (child.MemoryMb, child.ServiceGroup, child.ScaleToZero.Policy));
        var notice = Assert.Single(node.Engine.Restored).Notice;
        Assert.Equal((1u, child.Name), (notice.ForkTicket, notice.Identity?.Hostname));
        Assert.Equal(SnapshotKind.Fork, node.Snapshots.Find(child.Snapshot!.Value)?.Manifest?.Kind);
        Assert.NotEqual(node.Find("web").Interface?.At.Address, child.Interface?.At.Address);
    }

    [Fact]
    public async Task The_parent_hears_of_each_change_and_of_the_end()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var child = await ForkAsync(node, parent, 1);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 3, null));
        await node.UntilAsync(() => News(parent).Any(news => news.Gone));
        Assert.Equal(["Starting", "Running", "Stopped", "Deleted"], News(parent).Select(news => news.Status).Where((status, index) => index == 0 || News(parent)[index - 1].Status != status));
        Assert.All(News(parent), news => Assert.Equal((child.Uuid, child.Snapshot.ToString()), (news.Uuid, news.Snapshot)));
        Assert.Equal((3, true), (News(parent)[^1].ExitCode, News(parent)[^1].Gone));
        Assert.Null(News(parent)[0].ExitCode);
        Assert.True(DateTimeOffset.TryParse(News(parent)[0].CreationTime, out _));
        await node.UntilAsync(() => node.Instances.List().Count == 1);
    }

    [Fact]
    public async Task The_child_is_in_the_parents_tree_before_the_parent_knows_its_name()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var told = parent.Told.ToArray();
        var done = Array.FindIndex(told, news => news is GuestNews.ForkDone);
        Assert.Contains(told[..done], news => news is GuestNews.Child { State.Status: "Running" });
    }

    [Fact]
    public async Task Forks_of_one_parent_come_one_after_the_other_and_children_fork_too()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        for (var ticket = 1u; ticket <= 4; ticket++)
        {
            parent.Happen(new MachineEvent.ForkRequested(ticket));
        }

        await node.UntilAsync(() => Done(parent).Count == 4);
        Assert.Equal([1u, 2u, 3u, 4u], Done(parent).Select(outcome => outcome.Ticket));
        Assert.Equal(4, Done(parent).Select(outcome => outcome.Uuid).Distinct().Count());
        var child = node.Machine;
        var grandchild = await ForkAsync(node, child, 9);
        Assert.Equal(6, node.Instances.List().Count);
        Assert.DoesNotContain(News(parent), news => news.Uuid == grandchild.Uuid);
        Assert.Contains(News(child), news => news.Uuid == grandchild.Uuid);
    }

    [Fact]
    public async Task A_parent_does_not_fall_asleep_while_it_is_forked()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var hold = parent.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var captures = parent.Captures.Count;
        parent.Happen(new MachineEvent.ForkRequested(1));
        await node.UntilAsync(() => parent.Captures.Count > captures);
        for (var i = 0; i < 100; i++)
        {
            node.Time.Advance(Step);
            await Task.Yield();
        }

        Assert.Equal(BackendState.Awake, node.Backend.State);
        hold.SetResult();
        await node.UntilAsync(() => Done(parent).Count == 1);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
    }

    [Fact]
    public async Task One_that_cannot_be_captured_fails_with_eio_and_leaves_nothing()
    {
        await using var node = await TemplateTests.RunningAsync();
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        await FailAsync(node, 5);
    }

    [Fact]
    public async Task One_whose_child_does_not_start_fails_with_eio_and_leaves_nothing()
    {
        await using var node = await TemplateTests.RunningAsync();
        node.Engine.RefuseRestore = new WispError(ErrorCode.OperationFailed, "No.");
        await FailAsync(node, 5);
    }

    [Fact]
    public async Task One_for_which_there_is_no_address_fails_with_eio_and_leaves_nothing()
    {
        await using var node = await TemplateTests.RunningAsync();
        node.Network.Capacity = 1;
        await FailAsync(node, 5);
    }

    [Fact]
    public async Task Beyond_sixteen_that_wait_it_is_ebusy()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var hold = parent.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var ticket = 1u; ticket <= 18; ticket++)
        {
            parent.Happen(new MachineEvent.ForkRequested(ticket));
        }

        await node.UntilAsync(() => Done(parent).Count == 1);
        Assert.Equal((18u, 16), (Done(parent)[0].Ticket, Done(parent)[0].Errno));
        hold.SetResult();
        await node.UntilAsync(() => Done(parent).Count == 18);
        Assert.All(Done(parent).Skip(1), outcome => Assert.NotNull(outcome.Uuid));
    }

    [Fact]
    public async Task A_request_that_is_said_again_is_one_fork()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        var child = await ForkAsync(node, parent, 1);
        await node.RestartAsync();
        // The guest never heard the answer, so it asks the new wispd.
        parent.Happen(new MachineEvent.ForkRequested(1));
        await node.UntilAsync(() => Done(parent).Count == 2);
        Assert.Equal(child.Uuid, Done(parent)[1].Uuid);
        Assert.Equal(2, node.Instances.List().Count);
    }

    [Fact]
    public async Task A_new_wispd_follows_the_children_on()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var child = node.Machine;
        await node.RestartAsync();
        var before = News(parent).Count;
        await node.UntilAsync(() => node.Instances.List().All(instance => instance.State == InstanceState.Running));
        child.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync(() => News(parent).Skip(before).Any(news => news.Gone));
        await node.UntilAsync(() => node.Instances.List().Count == 1);
    }

    [Fact]
    public async Task A_wispd_that_dies_before_the_child_runs_leaves_no_child()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        node.Engine.HoldRestore = new(TaskCreationOptions.RunContinuationsAsynchronously);
        parent.Happen(new MachineEvent.ForkRequested(1));
        // Until nothing of the first wispd moves any more, since it is not really dead: what it tidies up would be the second one's.
        await node.UntilAsync(() => node.Instances.List().Count == 2 && node.Engine.RestoresHeld == 1);
        await node.RestartAsync();
        node.Engine.HoldRestore = null;
        await node.UntilAsync(() => node.Instances.List().Count == 1);
        Assert.Empty(Done(parent));
        // It asks again, and gets its child.
        var child = await ForkAsync(node, parent, 1);
        Assert.Equal(2, node.Instances.List().Count);
        Assert.Equal(InstanceState.Running, child.State);
    }

    [Fact]
    public async Task News_of_children_wait_for_a_parent_that_sleeps_deeply()
    {
        await using var node = await TemplateTests.RunningAsync();
        var parent = node.Machine;
        await ForkAsync(node, parent, 1);
        var child = node.Machine;
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        await node.AdvanceUntilAsync(() => node.Find("web").Depth == SleepDepth.Hibernated, TimeSpan.FromMinutes(1));
        child.End(new MachineExit(MachineExitCause.ApplicationExited, 4, null));
        await node.UntilAsync(() => node.Instances.List().Count == 1);
        Assert.True((await node.RequestAsync()).IsSuccess);
        await node.UntilAsync(() => News(node.Machine) is [.., { Gone: true }]);
        Assert.Equal(4, News(node.Machine)[^1].ExitCode);
    }

    [Fact]
    public async Task A_guest_that_was_woken_afresh_gets_a_child_of_its_own_for_the_same_ticket()
    {
        await using var node = await TemplateTests.RunningAsync(TestNode.Published() with
        {
            ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, false, TimeSpan.FromSeconds(1), TimeSpan.Zero),
        });
        var old = await ForkAsync(node, node.Machine, 1);
        var oldMachine = node.Machine;
        await node.AdvanceUntilAsync(() => node.Find("web").Depth == SleepDepth.Discarded, Step);
        Assert.True((await node.RequestAsync()).IsSuccess);
        var parent = node.Machine;
        var child = await ForkAsync(node, parent, 1);
        Assert.NotEqual(old.Uuid, child.Uuid);
        // Said again, it is the same; and so it is for the next wispd.
        await node.RestartAsync();
        parent.Happen(new MachineEvent.ForkRequested(1));
        await node.UntilAsync(() => Done(parent).Count == 2);
        Assert.Equal(child.Uuid, Done(parent)[1].Uuid);
        // Of the child of its earlier life it never hears.
        oldMachine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync(() => node.Instances.List().Count == 2);
        Assert.DoesNotContain(News(parent), news => news.Uuid == old.Uuid);
    }

    [Fact]
    public async Task A_guest_that_slept_deeply_still_has_its_children()
    {
        await using var node = await TemplateTests.RunningAsync();
        var child = await ForkAsync(node, node.Machine, 1);
        await node.AdvanceUntilAsync(() => node.Find("web").Depth == SleepDepth.Hibernated, TimeSpan.FromSeconds(5));
        Assert.True((await node.RequestAsync()).IsSuccess);
        var again = await ForkAsync(node, node.Machine, 1);
        Assert.Equal(child.Uuid, again.Uuid);
    }

    private static async Task FailAsync(TestNode node, int errno)
    {
        var parent = node.Engine.Started.Last();
        parent.Happen(new MachineEvent.ForkRequested(1));
        await node.UntilAsync(() => Done(parent).Count == 1);
        Assert.Equal(new ForkOutcome { Ticket = 1, Errno = errno }, Done(parent)[0]);
        Assert.Single(node.Instances.List());
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Find("web").State, parent.State));
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Fork);
    }
}
