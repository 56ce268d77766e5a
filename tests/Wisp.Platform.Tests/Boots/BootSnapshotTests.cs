using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;
using Wisp.Platform.Tests.Forks;
using Wisp.Snapshots;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Boots;

/// <summary>Nobody boots twice.</summary>
public sealed class BootSnapshotTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static readonly StopOptions AtOnce = new(false, TimeSpan.Zero, null);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_is_frozen_before_it_takes_a_request_and_runs_on()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        var hold = node.Machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Machine.Boot();
        await node.UntilAsync(() => !node.Machine.Captures.IsEmpty);
        Assert.Equal((InstanceState.Starting, BackendState.Starting), (node.Find("web").State, node.Backend.State));
        hold.SetResult();
        await node.UntilAsync("web", InstanceState.Running);
        var request = Assert.Single(node.Machine.Captures);
        Assert.Equal((true, false), (request.Precopy, request.RunOn));
        var boot = await SnapshotAsync(node);
        // Its own memory lies on it from then on, so that it is shared.
        await node.UntilAsync(() => node.Machine.Memory.Kept == 1);
        Assert.Equal((MachineState.Running, boot.Uuid), (node.Machine.State, node.Find("web").Snapshot));
        Assert.Contains((128, 1), node.Engine.Expected);
    }

    [Fact]
    public async Task A_later_start_is_restored_as_somebody_else_and_runs_at_once()
    {
        await using var node = await BootedAsync();
        node.Engine.BootAtOnce = false;
        var other = (await node.Instances.CreateAsync(TestNode.Published() with { Name = "other", NewServiceGroup = Port(8081) }, Cancel)).Value.Single();
        Assert.Equal(InstanceState.Running, other.State);
        var restore = Assert.Single(node.Engine.Restored);
        Assert.Equal(("other", "127.64.0.3"), (restore.Notice.Identity?.Hostname, restore.Notice.Identity?.Address));
        Assert.Equal([80], restore.Notice.WatchedPorts);
        Assert.Equal(1, restore.Memory.Kept);
        Assert.NotNull(node.Find("other").VmmLoadTime);
        Assert.Equal(node.Find("web").Snapshot, node.Find("other").Snapshot);
    }

    [Fact]
    public async Task Other_variables_boot_and_have_a_snapshot_of_their_own()
    {
        await using var node = await BootedAsync();
        var other = TestNode.Published() with { Name = "other", NewServiceGroup = Port(8081), Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "b" } };
        await node.Instances.CreateAsync(other, Cancel);
        await node.UntilAsync(() => node.Snapshots.List().Count == 2);
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task Another_engine_boots()
    {
        await using var node = await BootedAsync();
        node.Engine.Compatibility = node.Engine.Compatibility with { EngineVersion = "2" };
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
        await RestartByUserAsync(node);
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task A_cold_one_boots_and_leaves_no_snapshot()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Cold = true }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Empty(node.Machine.Captures);
        await RestartByUserAsync(node);
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task A_cold_start_boots_once()
    {
        await using var node = await BootedAsync();
        Assert.Equal(ErrorCode.WrongState, (await node.Instances.StartColdAsync(Web, null, Cancel)).Error?.Code);
        await node.Instances.StopAsync(Web, AtOnce, Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.True((await node.Instances.StartColdAsync(Web, null, Cancel)).IsSuccess);
        Assert.Empty(node.Engine.Restored);
        await RestartByUserAsync(node);
        Assert.Single(node.Engine.Restored);
    }

    [Fact]
    public async Task A_damaged_one_is_deleted_and_the_start_boots_and_makes_another()
    {
        await using var node = await BootedAsync();
        var damaged = await SnapshotAsync(node);
        await File.AppendAllTextAsync(Path.Combine(node.InstancesDirectory, "snapshots", damaged.Name, "memory"), "x", Cancel);
        await RestartByUserAsync(node);
        Assert.Empty(node.Engine.Restored);
        await node.UntilAsync(() => node.Snapshots.List() is [{ Problem: null } made] && made.Uuid != damaged.Uuid);
    }

    [Fact]
    public async Task A_restore_that_the_engine_refuses_becomes_a_boot()
    {
        await using var node = await BootedAsync();
        var kept = await SnapshotAsync(node);
        node.Engine.RefuseRestore = new WispError(ErrorCode.OperationFailed, "No.");
        await RestartByUserAsync(node);
        Assert.Equal(2, node.Engine.Started.Count);
        Assert.Equal(kept.Uuid, Assert.Single(node.Snapshots.List()).Uuid);
    }

    [Fact]
    public async Task A_capture_that_fails_harms_nobody()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        node.Machine.RefuseCapture = new WispError(ErrorCode.OperationFailed, "No room.");
        node.Machine.Boot();
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(MachineState.Running, node.Machine.State);
        Assert.Empty(node.Snapshots.List());
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task Without_a_port_it_is_frozen_when_it_has_lived_a_second()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Empty(node.Machine.Captures);
        await node.AdvanceUntilAsync(() => node.Snapshots.List().Count > 0, TimeSpan.FromMilliseconds(100));
        Assert.Equal(InstanceState.Running, node.Find("web").State);
    }

    [Fact]
    public async Task A_short_job_has_no_snapshot()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync("web", InstanceState.Stopped);
        node.Time.Advance(TimeSpan.FromSeconds(5));
        await RestartByUserAsync(node);
        Assert.Empty(node.Snapshots.List());
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task One_that_forks_before_it_is_frozen_leaves_that_to_the_next()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        var made = (await node.Instances.CreateAsync(new CreateInstance { Name = "web", Image = "hello", Autostart = true, Replicas = 1 }, Cancel)).Value;
        await node.UntilAsync("web", InstanceState.Running);
        await Forking.ForkAsync(node, node.Machine, 1);
        await node.AdvanceUntilAsync(() => Boots(node).Any(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(made[1].Uuid, Assert.Single(Boots(node)).Manifest!.Source.Uuid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_asks_for_a_fork_or_template_while_it_is_frozen_has_no_snapshot(bool fork)
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        var machine = node.Machine;
        var hold = machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Boot();
        await node.UntilAsync(() => !machine.Captures.IsEmpty);
        // Something else is heard first.
        machine.Happen(new MachineEvent.SleepHoldsChanged(0));
        machine.Happen(fork ? new MachineEvent.ForkRequested(1) : new MachineEvent.TemplateRequested(1));
        node.Engine.BootAtOnce = true;
        hold.SetResult();
        await node.UntilAsync(() => fork ? Forking.Done(machine).Count == 1 : node.Frozen.Find(FrozenKind.Template, Web).IsSuccess);
        await node.Instances.CreateAsync(TestNode.Published() with { Name = "other", NewServiceGroup = Port(8081) }, Cancel);
        await node.UntilAsync("other", InstanceState.Running);
        Assert.DoesNotContain(node.Engine.Restored, restore => restore.Notice.Identity?.Hostname == "other");
    }

    [Fact]
    public async Task Of_64_starts_at_once_one_boots()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var made = (await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 63 }, Cancel)).Value;
        Assert.All(made, instance => Assert.Equal(InstanceState.Starting, instance.State));
        Assert.Single(node.Engine.Started).Boot();
        foreach (var instance in made)
        {
            await node.UntilAsync(instance.Name, InstanceState.Running);
        }

        Assert.Equal((64, 63, 1), (node.Engine.Started.Count, node.Engine.Restored.Count, node.Snapshots.List().Count));
    }

    [Fact]
    public async Task When_the_one_that_boots_ends_the_others_boot()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 3 }, Cancel);
        node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 1, null));
        await node.UntilAsync(() => node.Engine.Started.Count == 4);
        Assert.Empty(node.Engine.Restored);
    }

    [Fact]
    public async Task Nobody_waits_for_another_without_end()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 1 }, Cancel);
        Assert.Single(node.Engine.Started);
        await node.AdvanceUntilAsync(() => node.Engine.Started.Count == 2, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task One_that_waits_can_be_stopped_and_deleted()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        var made = (await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 2, RestartPolicy = RestartPolicy.Always }, Cancel)).Value;
        await node.Instances.StopAsync(ResourceRef.To(made[1].Uuid), AtOnce, Cancel);
        Assert.Equal((InstanceState.Stopped, null), (node.Find(made[1].Name).State, node.Find(made[1].Name).Restart));
        Assert.True((await node.Instances.DeleteAsync(ResourceRef.To(made[2].Uuid), Cancel)).IsSuccess);
        node.Machine.Boot();
        await node.UntilAsync("web", InstanceState.Running);
        await SnapshotAsync(node);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task The_longest_unused_go_when_the_budget_is_spent()
    {
        await using var node = await TestNode.StartAsync(Cancel, options => options with { BootSnapshotBudgetBytes = 1 });
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        var used = await SnapshotAsync(node);
        await node.UntilAsync(() => node.Machine.Memory.Kept == 1);
        // One that a machine lies on stays, whatever the budget; one that none lies on goes for the next.
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.Instances.CreateAsync(TestNode.Published() with { Name = "b", Args = ["/b"], NewServiceGroup = Port(8081) }, Cancel);
        await node.UntilAsync(() => node.Engine.Started.Count == 2 && node.Machine.Memory.Kept == 1);
        Assert.NotNull(node.Snapshots.Find(used.Uuid!.Value));
        await node.Instances.DeleteAsync(Web, Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Name = "c", Args = ["/c"], NewServiceGroup = Port(8082) }, Cancel);
        await node.UntilAsync(() => node.Snapshots.Find(used.Uuid!.Value) is null);
    }

    [Fact]
    public async Task A_crash_while_it_is_frozen_leaves_it_running()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        node.Engine.BootAtOnce = false;
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        node.Machine.HoldCapture = new();
        node.Machine.Boot();
        await node.UntilAsync(() => !node.Machine.Captures.IsEmpty);
        await node.Machine.PauseAsync(Cancel);
        await node.RestartAsync();
        await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(MachineState.Running, node.Machine.State);
        Assert.Single(node.Engine.Started);
    }

    private static async Task<TestNode> BootedAsync()
    {
        var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await SnapshotAsync(node);
        return node;
    }

    private static IEnumerable<SnapshotEntry> Boots(TestNode node) => node.Snapshots.List().Where(entry => entry.Manifest?.Kind == SnapshotKind.Boot);

    private static async Task<SnapshotEntry> SnapshotAsync(TestNode node)
    {
        await node.UntilAsync(() => node.Snapshots.List().Count > 0);
        return node.Snapshots.List()[0];
    }

    private static async Task RestartByUserAsync(TestNode node)
    {
        await node.Instances.StopAsync(Web, AtOnce, Cancel);
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
        await node.UntilAsync("web", InstanceState.Running);
    }

    private static CreateServiceGroup Port(int port) => new() { Services = [new(port, 80, ServiceHandler.Http, "127.0.0.1")] };
}
