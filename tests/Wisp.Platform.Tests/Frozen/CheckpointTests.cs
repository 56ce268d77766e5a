using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>Moments of instances, and what is made of them.</summary>
public sealed class CheckpointTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_instance_is_not_disturbed()
    {
        await using var node = await TemplateTests.RunningAsync();
        var captures = node.Machine.Captures.Count;
        var checkpoint = (await MakeAsync(node, "before")).Value;
        Assert.Equal((InstanceState.Checkpoint, "before"), (checkpoint.State, checkpoint.Name));
        var request = node.Machine.Captures.Skip(captures).Single();
        Assert.Equal((true, true), (request.Precopy, request.RunOn));
        Assert.Equal((InstanceState.Running, MachineState.Running, Gateway.BackendState.Awake), (node.Find("web").State, node.Machine.State, node.Backend.State));
        Assert.Single(node.Instances.List());
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
        Assert.Equal(SnapshotKind.Checkpoint, node.Snapshots.Find(checkpoint.Snapshot!.Value)?.Manifest?.Kind);
    }

    [Fact]
    public async Task It_is_starting_until_it_is_done()
    {
        await using var node = await TemplateTests.RunningAsync();
        var hold = node.Machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = (await node.Frozen.CheckpointAsync(new CreateCheckpoint { From = Web, Name = "before" }, Cancel)).Value;
        Assert.Equal(InstanceState.Starting, begun.State);
        var early = await node.Instances.CreateAsync(new CreateInstance { Checkpoint = ResourceRef.To("before") }, Cancel);
        Assert.StartsWith("Failed to create instance from checkpoint: ", early.Error?.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.WrongState, (await node.Frozen.DeleteAsync(FrozenKind.Checkpoint, ResourceRef.To("before"), Cancel)).Error?.Code);
        hold.SetResult();
        await node.UntilAsync(() => node.Frozen.Find(FrozenKind.Checkpoint, ResourceRef.To("before")).Value.State == InstanceState.Checkpoint);
    }

    [Fact]
    public async Task A_wait_that_is_too_short_says_so_and_it_is_made_all_the_same()
    {
        await using var node = await TemplateTests.RunningAsync();
        var hold = node.Machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = node.Frozen.CheckpointAsync(new CreateCheckpoint { From = Web, Name = "before", Wait = TimeSpan.FromSeconds(3) }, Cancel);
        await node.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromMilliseconds(100));
        Assert.Equal(ErrorCode.TimedOut, (await waiting).Error?.Code);
        hold.SetResult();
        await node.UntilAsync(() => node.Frozen.Find(FrozenKind.Checkpoint, ResourceRef.To("before")).Value.State == InstanceState.Checkpoint);
    }

    [Fact]
    public async Task Rewind_is_an_instance_that_goes_on_from_there()
    {
        await using var node = await TemplateTests.RunningAsync();
        var checkpoint = (await MakeAsync(node, "before")).Value;
        var rewound = (await node.Instances.CreateAsync(
            new CreateInstance { Checkpoint = ResourceRef.To("before"), Name = "again", NewServiceGroup = TemplateTests.Port(8081), Autostart = true, TimeoutS = -1 }, Cancel)).Value.Single();
        Assert.Equal(checkpoint.Snapshot, node.Find("again").Snapshot);
        Assert.Equal("again", Assert.Single(node.Engine.Restored).Notice.Identity?.Hostname);
        Assert.Equal(InstanceState.Running, node.Find("again").State);
        // Each start of it begins there, as one of another instance begins at its image.
        await node.Instances.StopAsync(ResourceRef.To("again"), new StopOptions(true, TimeSpan.Zero, null), Cancel);
        await node.UntilAsync("again", InstanceState.Stopped);
        await node.Instances.StartAsync(ResourceRef.To("again"), null, Cancel);
        Assert.Equal(2, node.Engine.Restored.Count);
        Assert.NotEqual(rewound.Uuid, checkpoint.Uuid);
    }

    [Fact]
    public async Task A_sleeping_one_sleeps_on()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Instances.SuspendAsync(Web, null, Cancel);
        Assert.True((await MakeAsync(node, "asleep")).IsSuccess);
        Assert.Equal((InstanceState.Standby, MachineState.Paused), (node.Find("web").State, node.Machine.State));
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_deeply_sleeping_one_is_not_woken_and_what_it_sleeps_in_outlives_its_wake()
    {
        await using var node = await TemplateTests.RunningAsync();
        await node.Instances.SuspendAsync(Web, null, Cancel);
        await node.Platform.StopAllAsync(null, Cancel);
        var checkpoint = (await MakeAsync(node, "deep")).Value;
        Assert.Equal((InstanceState.Standby, node.Find("web").Snapshot), (node.Find("web").State, checkpoint.Snapshot));
        Assert.True((await node.RequestAsync()).IsSuccess);
        await node.UntilAsync(() => node.Find("web").Snapshot != checkpoint.Snapshot);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Checkpoint = ResourceRef.To("deep"), Name = "again", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Equal("again", node.Engine.Restored.Last().Notice.Identity?.Hostname);
    }

    [Fact]
    public async Task A_stopped_one_has_no_memory_to_keep()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        Assert.Null((await MakeAsync(node, "cold")).Value.Snapshot);
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Checkpoint = ResourceRef.To("cold"), Autostart = true, TimeoutS = -1 }, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task It_outlives_its_source()
    {
        await using var node = await TemplateTests.RunningAsync();
        await MakeAsync(node, "before");
        await node.Instances.DeleteAsync(Web, Cancel);
        await node.RestartAsync();
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.True((await node.Instances.CreateAsync(new CreateInstance { Checkpoint = ResourceRef.To("before"), Autostart = true, TimeoutS = -1 }, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task Names_are_given_or_made_up_and_never_twice()
    {
        await using var node = await TemplateTests.RunningAsync();
        await MakeAsync(node, "Before");
        var twice = await MakeAsync(node, "before");
        Assert.Equal((ErrorCode.AlreadyExists, "A checkpoint with the name 'before' already exists"), (twice.Error!.Code, twice.Error.Message));
        Assert.Matches("^web-[a-z0-9]{5}$", (await MakeAsync(node, null)).Value.Name);
        Assert.Equal(2, node.Frozen.List(FrozenKind.Checkpoint).Count);
        Assert.Equal("Invalid name 'a--b'.", (await MakeAsync(node, "a--b")).Error?.Message);
    }

    [Fact]
    public async Task The_history_is_what_it_descends_from_newest_first()
    {
        await using var node = await TemplateTests.RunningAsync();
        await MakeAsync(node, "one");
        await MakeAsync(node, "two");
        Assert.Equal(["two", "one"], Names(node.Frozen.HistoryOfInstance(Web)));
        Assert.Equal(["one"], Names(node.Frozen.HistoryOfCheckpoint(ResourceRef.To("two"))));
        Assert.Empty(Names(node.Frozen.HistoryOfCheckpoint(ResourceRef.To("one"))));
        // Another line from the first one on.
        await node.Instances.CreateAsync(new CreateInstance { Checkpoint = ResourceRef.To("one"), Name = "again", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Equal(["one"], Names(node.Frozen.HistoryOfInstance(ResourceRef.To("again"))));
        await MakeAsync(node, "three", "again");
        await node.Frozen.DeleteAsync(FrozenKind.Checkpoint, ResourceRef.To("one"), Cancel);
        await node.RestartAsync();
        Assert.Equal(["three", "one"], Names(node.Frozen.HistoryOfInstance(ResourceRef.To("again"))));
    }

    [Fact]
    public async Task A_failure_leaves_no_trace_and_a_running_instance()
    {
        await using var node = await TemplateTests.RunningAsync();
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room in /snapshots.");
        Assert.Equal("Failed to allocate checkpoint: No room in /snapshots.", (await MakeAsync(node, "before")).Error?.Message);
        Assert.Empty(node.Frozen.List(FrozenKind.Checkpoint));
        node.Machine.RefuseCapture = null;
        Assert.True((await MakeAsync(node, "before")).IsSuccess);
        Assert.Equal(InstanceState.Running, node.Find("web").State);
    }

    [Fact]
    public async Task A_store_that_refuses_leaves_no_trace()
    {
        await using var node = await TemplateTests.RunningAsync();
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "The disk is full.");
        Assert.Equal("Failed to allocate checkpoint: The disk is full.", (await MakeAsync(node, "before")).Error?.Message);
        node.Store.Refuse = null;
        Assert.Empty(node.Frozen.List(FrozenKind.Checkpoint));
        Assert.Empty(Names(node.Frozen.HistoryOfInstance(Web)));
    }

    [Fact]
    public async Task What_is_starting_or_absent_is_refused()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        Assert.Equal(ErrorCode.NotFound, (await MakeAsync(node, "x", "nobody")).Error?.Code);
        var begun = (await node.Frozen.CheckpointAsync(new CreateCheckpoint { From = Web, Name = "x" }, Cancel)).Value;
        await node.UntilAsync(() => !node.Frozen.Find(FrozenKind.Checkpoint, ResourceRef.To(begun.Uuid)).IsSuccess);
    }

    private static IReadOnlyList<string> Names(Result<Lineage> lineage) => [.. lineage.Value.Ancestors.Select(ancestor => ancestor.Name)];

    internal static Task<Result<InstanceView>> MakeAsync(TestNode node, string? name, string from = "web") =>
        node.Frozen.CheckpointAsync(new CreateCheckpoint { From = ResourceRef.To(from), Name = name, Wait = null }, Cancel);
}
