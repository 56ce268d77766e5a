using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>Instances that go on from where another is.</summary>
public sealed class BranchTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_branch_goes_on_from_a_running_instance_which_runs_on()
    {
        await using var node = await TemplateTests.RunningAsync();
        var source = node.Machine;
        var branch = (await BranchAsync(node)).Value.Single();
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Find("web").State, source.State));
        Assert.Equal(SnapshotKind.Branch, node.Snapshots.Find(node.Find("branch").Snapshot!.Value)?.Manifest?.Kind);
        Assert.Equal("branch", Assert.Single(node.Engine.Restored).Notice.Identity?.Hostname);
        Assert.NotEqual(node.Find("web").Uuid, branch.Uuid);
    }

    [Fact]
    public async Task Its_snapshot_goes_with_it()
    {
        await using var node = await TemplateTests.RunningAsync();
        await BranchAsync(node);
        var snapshot = node.Find("branch").Snapshot!.Value;
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.NotNull(node.Snapshots.Find(snapshot));
        await node.Instances.DeleteAsync(ResourceRef.To("branch"), Cancel);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.Null(node.Snapshots.Find(snapshot));
    }

    [Fact]
    public async Task A_branch_that_fails_costs_nothing()
    {
        await using var node = await TemplateTests.RunningAsync();
        var refused = await node.Instances.CreateAsync(new CreateInstance { BranchFrom = Web, Name = "web" }, Cancel);
        Assert.Equal(ErrorCode.AlreadyExists, refused.Error?.Code);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Branch);
    }

    [Fact]
    public async Task From_standby_the_source_sleeps_on()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await BranchAsync(node);
        Assert.Equal((InstanceState.Standby, InstanceState.Running), (node.Find("web").State, node.Find("branch").State));
    }

    [Fact]
    public async Task From_a_stopped_one_it_begins_as_that_would()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false, Args = ["/x"] }, Cancel);
        await BranchAsync(node);
        Assert.Empty(node.Engine.Restored);
        Assert.Equal(["/x"], node.Machine.Specification.Guest.Argv);
    }

    [Fact]
    public async Task From_what_is_on_its_way_it_is_refused()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        Assert.Equal("Cannot branch from VM in state 'starting'", (await BranchAsync(node)).Error?.Message);
        Assert.Equal(ErrorCode.NotFound, (await node.Instances.CreateAsync(new CreateInstance { BranchFrom = ResourceRef.To("nobody") }, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task While_a_snapshot_is_being_made_it_is_refused()
    {
        await using var node = await TemplateTests.RunningAsync();
        var hold = node.Machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var captures = node.Machine.Captures.Count;
        var checkpoint = CheckpointTests.MakeAsync(node, "before");
        await node.UntilAsync(() => node.Machine.Captures.Count > captures);
        Assert.Equal("Cannot branch from VM with pending snapshot", (await BranchAsync(node)).Error?.Message);
        hold.SetResult();
        Assert.True((await checkpoint).IsSuccess);
        Assert.True((await BranchAsync(node)).IsSuccess);
    }

    private static Task<Result<IReadOnlyList<InstanceView>>> BranchAsync(TestNode node) => node.Instances.CreateAsync(
        new CreateInstance { BranchFrom = Web, Name = "branch", NewServiceGroup = TemplateTests.Port(8081), Autostart = true, TimeoutS = -1 }, Cancel);
}
