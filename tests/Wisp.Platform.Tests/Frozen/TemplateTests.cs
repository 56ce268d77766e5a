using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Frozen;

/// <summary>Instances that become templates, and their clones.</summary>
public sealed class TemplateTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_instance_becomes_a_template_in_place()
    {
        await using var node = await RunningAsync();
        var (uuid, machine) = (node.Find("web").Uuid, node.Machine);
        var template = (await ConvertAsync(node)).Value;
        Assert.Equal((uuid, "web", InstanceState.Template), (template.Uuid, template.Name, template.State));
        Assert.NotNull(template.Snapshot);
        Assert.Empty(node.Instances.List());
        Assert.Equal(ErrorCode.NotFound, node.Instances.Find(Web).Error?.Code);
        Assert.Equal(uuid, Assert.Single(node.Frozen.List(FrozenKind.Template)).Uuid);
        Assert.Empty(node.Frozen.List(FrozenKind.Checkpoint));
        // Its machine is gone with all that was for it, and so is its group, of which it was the last.
        Assert.Equal(MachineState.Exited, machine.State);
        Assert.Empty(node.Services.List());
        Assert.Empty(node.Gateway.Routes);
        Assert.Empty(node.Network.Attached);
        Assert.False(Directory.Exists(Path.Combine(node.InstancesDirectory, uuid.ToString())));
        Assert.Equal(SnapshotKind.Template, node.Snapshots.Find(template.Snapshot!.Value)?.Manifest?.Kind);
    }

    [Fact]
    public async Task A_group_that_has_others_or_was_made_for_itself_stays()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 1 }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await ConvertAsync(node);
        Assert.Single(node.Services.List().Single().Instances);
        Assert.Single(Assert.Single(node.Gateway.Routes.Values).Targets);
    }

    [Fact]
    public async Task A_clone_inherits_goes_on_from_the_memory_and_is_somebody_else()
    {
        await using var node = await RunningAsync(TestNode.Published() with { MemoryMb = 256, RestartPolicy = RestartPolicy.Always, Args = ["/x"], Autokill = TimeSpan.FromHours(1) });
        var source = node.Find("web");
        var template = (await ConvertAsync(node)).Value;
        var clone = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone" }, Cancel)).Value.Single();
        Assert.Equal((InstanceState.Stopped, 256, RestartPolicy.Always, TimeSpan.FromHours(1)), (clone.State, clone.MemoryMb, clone.RestartPolicy, clone.Autokill));
        Assert.Equal(source.Image, clone.Image);
        Assert.Equal(["/x"], clone.Args);
        // Without a group nothing could wake it.
        Assert.Equal((ScaleToZeroPolicy.Off, "clone"), (clone.ScaleToZero.Policy, clone.Hostname));
        Assert.NotEqual(source.Uuid, clone.Uuid);
        await node.Instances.StartAsync(ResourceRef.To("clone"), null, Cancel);
        var restored = Assert.Single(node.Engine.Restored);
        Assert.Equal(("clone", null), (restored.Notice.Identity?.Hostname, restored.Notice.TemplateTicket));
        Assert.Equal(node.Snapshots.Find(template.Snapshot!.Value)!.Manifest!.Layers.Count + 1, restored.Memory.Kept);
        Assert.Equal(template.Snapshot, node.Find("clone").Snapshot);
    }

    [Fact]
    public async Task A_clone_with_a_port_sleeps_as_its_template_did()
    {
        await using var node = await RunningAsync();
        await ConvertAsync(node);
        var clone = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, NewServiceGroup = Port(8081), Autostart = true }, Cancel)).Value.Single();
        Assert.Equal((InstanceState.Running, ScaleToZeroPolicy.On), (clone.State, clone.ScaleToZero.Policy));
    }

    [Fact]
    public async Task A_clone_whose_port_was_not_open_in_the_template_is_waited_for()
    {
        await using var node = await RunningAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true });
        await ConvertAsync(node);
        node.Engine.BootAtOnce = false;
        var clone = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", NewServiceGroup = Port(8081), Autostart = true }, Cancel)).Value.Single();
        Assert.Equal(InstanceState.Starting, clone.State);
        node.Machine.Happen(new MachineEvent.PortOpened(80));
        await node.UntilAsync("clone", InstanceState.Running);
    }

    [Fact]
    public async Task A_hundred_clones_start_in_one_call()
    {
        await using var node = await RunningAsync();
        await ConvertAsync(node);
        var made = (await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", Replicas = 99, Autostart = true, TimeoutS = -1 }, Cancel)).Value;
        Assert.Equal(100, made.Select(instance => instance.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(node.Instances.List(), instance => Assert.Equal(InstanceState.Running, instance.State));
        Assert.Equal(100, node.Engine.Restored.Count);
        Assert.Equal(100, node.Instances.List().Select(instance => instance.Interface!.Value.At.Address.ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_sleeping_one_is_prepared_and_frozen_and_a_deeply_sleeping_one_is_frozen_already()
    {
        await using var node = await RunningAsync();
        await node.Instances.SuspendAsync(Web, null, Cancel);
        var prepared = node.Machine.Prepared;
        Assert.Equal(InstanceState.Template, (await ConvertAsync(node)).Value.State);
        Assert.Equal(prepared + 1, node.Machine.Prepared);

        await node.Instances.CreateAsync(TestNode.Published() with { Name = "other", NewServiceGroup = Port(8081) }, Cancel);
        await node.UntilAsync("other", InstanceState.Running);
        await node.Instances.SuspendAsync(ResourceRef.To("other"), null, Cancel);
        await node.Platform.StopAllAsync(null, Cancel);
        var (asleep, captures) = (node.Find("other"), node.Machine.Captures.Count);
        Assert.Equal(SleepDepth.Hibernated, asleep.Depth);
        var template = (await ConvertAsync(node, "other")).Value;
        Assert.Equal((asleep.Snapshot, captures), (template.Snapshot, node.Machine.Captures.Count));
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.NotNull(node.Snapshots.Find(template.Snapshot!.Value));
    }

    [Fact]
    public async Task A_stopped_one_becomes_a_template_whose_clones_begin_like_any_instance()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        Assert.Null((await ConvertAsync(node)).Value.Snapshot);
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Equal(InstanceState.Running, node.Find("clone").State);
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task A_clone_can_become_a_template_itself()
    {
        await using var node = await RunningAsync();
        var first = (await ConvertAsync(node)).Value;
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", Autostart = true, TimeoutS = -1 }, Cancel);
        var second = (await ConvertAsync(node, "clone")).Value;
        Assert.Contains(first.Snapshot!.Value, node.Snapshots.Find(second.Snapshot!.Value)!.Manifest!.Layers);
        await node.Instances.CreateAsync(new CreateInstance { Template = ResourceRef.To("clone"), Name = "grandchild", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Equal(second.Snapshot, node.Find("grandchild").Snapshot);
    }

    [Fact]
    public async Task The_guest_makes_one_and_its_write_returns_in_each_clone()
    {
        await using var node = await RunningAsync();
        node.Machine.Happen(new MachineEvent.TemplateRequested(7));
        await node.UntilAsync(() => node.Frozen.List(FrozenKind.Template).Count == 1 && node.Instances.List().Count == 0);
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Replicas = 1, Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.All(node.Engine.Restored, restored => Assert.Equal(7u, restored.Notice.TemplateTicket));
        Assert.Equal(2, node.Engine.Restored.Count);
    }

    [Fact]
    public async Task A_guest_whose_template_fails_hears_it_and_runs_on()
    {
        await using var node = await RunningAsync();
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        node.Machine.Happen(new MachineEvent.TemplateRequested(7));
        await node.UntilAsync(() => !node.Machine.Told.IsEmpty);
        Assert.Equal(new GuestNews.NoTemplate(7, 5), Assert.Single(node.Machine.Told));
        Assert.Equal((InstanceState.Running, MachineState.Running, Gateway.BackendState.Awake), (node.Find("web").State, node.Machine.State, node.Backend.State));
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
    }

    [Fact]
    public async Task A_store_that_refuses_leaves_it_running_and_keeps_no_snapshot()
    {
        await using var node = await RunningAsync();
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "The disk is full.");
        Assert.Equal("The disk is full.", (await ConvertAsync(node)).Error?.Message);
        node.Store.Refuse = null;
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Find("web").State, node.Machine.State));
        Assert.Empty(node.Frozen.List(FrozenKind.Template));
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.DoesNotContain(node.Snapshots.List(), entry => entry.Manifest?.Kind == SnapshotKind.Template);
    }

    [Fact]
    public async Task A_starting_one_is_waited_for_if_anybody_wants_to()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        var refused = await node.Frozen.ConvertAsync(new ConvertToTemplate(Web, TimeSpan.Zero, null), Cancel);
        Assert.Equal(ErrorCode.WrongState, refused.Error?.Code);
        var waiting = node.Frozen.ConvertAsync(new ConvertToTemplate(Web, null, null), Cancel);
        node.Machine.Boot();
        Assert.Equal(InstanceState.Template, (await waiting).Value.State);
    }

    [Fact]
    public async Task A_name_that_another_template_has_is_refused()
    {
        await using var node = await RunningAsync();
        await ConvertAsync(node);
        // An instance may have the name of a template; they are never listed together.
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        var refused = await ConvertAsync(node);
        Assert.Equal((ErrorCode.AlreadyExists, "A template with the name 'web' already exists"), (refused.Error!.Code, refused.Error.Message));
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
    }

    [Fact]
    public async Task A_template_can_be_deleted_while_its_clones_need_its_files()
    {
        await using var node = await RunningAsync();
        var template = (await ConvertAsync(node)).Value;
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone" }, Cancel);
        Assert.True((await node.Frozen.DeleteAsync(FrozenKind.Template, Web, Cancel)).IsSuccess);
        Assert.Equal(ErrorCode.NotFound, (await node.Instances.CreateAsync(new CreateInstance { Template = Web }, Cancel)).Error?.Code);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.True((await node.Instances.StartAsync(ResourceRef.To("clone"), null, Cancel)).IsSuccess);
        await node.Instances.DeleteAsync(ResourceRef.To("clone"), Cancel);
        await node.Rooms.Snapshots.CollectAsync(Cancel);
        Assert.Null(node.Snapshots.Find(template.Snapshot!.Value));
    }

    [Fact]
    public async Task A_locked_one_cannot_be_deleted()
    {
        await using var node = await RunningAsync();
        await ConvertAsync(node);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetDeleteLock(true), Cancel);
        var refused = await node.Frozen.DeleteAsync(FrozenKind.Template, Web, Cancel);
        Assert.Equal((ErrorCode.NotAllowed, "Deletion protection enabled"), (refused.Error!.Code, refused.Error.Message));
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.SetDeleteLock(false), Cancel);
        Assert.True((await node.Frozen.DeleteAsync(FrozenKind.Template, Web, Cancel)).IsSuccess);
    }

    [Fact]
    public async Task Templates_outlive_wispd()
    {
        await using var node = await RunningAsync();
        await node.Instances.ChangeAsync(Web, new PropertyChange.SetTags(["a"]), Cancel);
        await ConvertAsync(node);
        await node.Frozen.ChangeAsync(FrozenKind.Template, Web, new PropertyChange.AddTags(["b", "a"]), Cancel);
        await node.RestartAsync();
        Assert.Equal(["a", "b"], node.Frozen.Find(FrozenKind.Template, Web).Value.Tags);
        await node.Instances.CreateAsync(new CreateInstance { Template = Web, Name = "clone", Autostart = true, TimeoutS = -1 }, Cancel);
        Assert.Single(node.Engine.Restored);
    }

    internal static Task<Result<InstanceView>> ConvertAsync(TestNode node, string name = "web") =>
        node.Frozen.ConvertAsync(new ConvertToTemplate(ResourceRef.To(name), TimeSpan.Zero, null), Cancel);

    internal static async Task<TestNode> RunningAsync(CreateInstance? request = null)
    {
        var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(request ?? TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        return node;
    }

    internal static CreateServiceGroup Port(int port) => new() { Services = [new ServicePort(port, 80, ServiceHandler.Http, "127.0.0.1")] };
}
