using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>A wispd that dies between two steps of freezing: afterwards everything is as before or as after, and nothing is left over.</summary>
public sealed class CrashTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_a_template_is_captured_the_instance_is_as_before()
    {
        await using var node = await TemplateTests.RunningAsync();
        var (machine, captures) = (node.Machine, node.Machine.Captures.Count);
        machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = TemplateTests.ConvertAsync(node);
        await node.UntilAsync(() => machine.Captures.Count > captures);
        await CrashAsync(node);
        await AssertAsBeforeAsync(node, machine);
    }

    [Fact]
    public async Task Before_a_template_is_written_down_the_instance_is_as_before()
    {
        await using var node = await TemplateTests.RunningAsync();
        var machine = node.Machine;
        await SettleAsync(node);
        node.Store.HoldCommits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = TemplateTests.ConvertAsync(node);
        await node.UntilAsync(() => node.Snapshots.List().Any(entry => entry.Manifest?.Kind == SnapshotKind.Template));
        await CrashAsync(node);
        await AssertAsBeforeAsync(node, machine);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Template);
    }

    [Fact]
    public async Task After_a_template_is_written_down_it_is_a_template_and_its_machine_is_ended()
    {
        await using var node = await TemplateTests.RunningAsync();
        var (machine, uuid) = (node.Machine, node.Find("web").Uuid);
        machine.HoldKill = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = TemplateTests.ConvertAsync(node);
        await node.UntilAsync(() => !node.Instances.Find(Web).IsSuccess);
        machine.HoldKill = null;
        await CrashAsync(node);
        Assert.Equal(InstanceState.Template, node.Frozen.Find(FrozenKind.Template, ResourceRef.To(uuid)).Value.State);
        Assert.Empty(node.Instances.List());
        Assert.Equal(MachineState.Exited, machine.State);
        Assert.Empty(node.Network.Attached);
        Assert.False(Directory.Exists(Path.Combine(node.InstancesDirectory, uuid.ToString())));
        // It was for that instance alone.
        Assert.Empty(node.Services.List());
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Single(node.Engine.Restored);
    }

    [Fact]
    public async Task While_a_checkpoint_is_captured_nothing_of_it_is_left()
    {
        await using var node = await TemplateTests.RunningAsync();
        var (machine, captures) = (node.Machine, node.Machine.Captures.Count);
        machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CheckpointTests.MakeAsync(node, "before");
        await node.UntilAsync(() => machine.Captures.Count > captures);
        await CrashAsync(node);
        await AssertAsBeforeAsync(node, machine);
        Assert.Empty(node.Frozen.List(FrozenKind.Checkpoint));
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Checkpoint);
    }

    [Fact]
    public async Task Before_a_checkpoint_is_written_down_nothing_of_it_is_left()
    {
        await using var node = await TemplateTests.RunningAsync();
        var machine = node.Machine;
        await SettleAsync(node);
        node.Store.HoldCommits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CheckpointTests.MakeAsync(node, "before");
        await node.UntilAsync(() => node.Snapshots.List().Any(entry => entry.Manifest?.Kind == SnapshotKind.Checkpoint));
        await CrashAsync(node);
        await AssertAsBeforeAsync(node, machine);
        Assert.Empty(node.Frozen.List(FrozenKind.Checkpoint));
        Assert.Empty(node.Frozen.HistoryOfInstance(Web).Value.Ancestors);
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Checkpoint);
    }

    [Fact]
    public async Task Before_a_branch_is_written_down_nothing_of_it_is_left()
    {
        await using var node = await TemplateTests.RunningAsync();
        var machine = node.Machine;
        await SettleAsync(node);
        node.Store.HoldCommits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = node.Instances.CreateAsync(new CreateInstance { BranchFrom = Web }, Cancel);
        await node.UntilAsync(() => node.Snapshots.List().Any(entry => entry.Manifest?.Kind == SnapshotKind.Branch));
        await CrashAsync(node);
        await AssertAsBeforeAsync(node, machine);
        Assert.Single(node.Instances.List());
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Branch);
    }

    // What its start had still to write is written once another has had its turn.
    private static Task SettleAsync(TestNode node) => node.Instances.ChangeAsync(Web, new PropertyChange.SetTags([]), Cancel);

    private static async Task CrashAsync(TestNode node)
    {
        node.Store.HoldCommits = null;
        await node.RestartAsync();
    }

    // The one that is asleep by policy may be found so: a request finds its memory.
    private static async Task AssertAsBeforeAsync(TestNode node, FakeMachine machine)
    {
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
        Assert.True((await node.RequestAsync()).IsSuccess);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(MachineState.Running, machine.State);
        Assert.Empty(node.Engine.Restored);
        Assert.Single(node.Services.List());
    }
}
