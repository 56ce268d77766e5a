using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>A new daemon over the state of one that was killed.</summary>
public sealed class AdoptionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sleeping_machine_is_adopted_asleep_and_wakes()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published(), Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, Step);
        await node.RestartAsync();
        Assert.Equal(InstanceState.Standby, node.Instances.Find(ResourceRef.To("web")).Value.State);
        Assert.Equal(BackendState.Asleep, node.Backend.State);
        node.Backend.Enter();
        Assert.True((await node.Backend.WakeAsync(Cancel)).IsSuccess);
        node.Backend.Leave();
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_running_machine_is_adopted_running()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.RestartAsync();
        var view = await node.UntilAsync("web", InstanceState.Running);
        Assert.Equal(1, view.StartCount);
        Assert.Single(node.Engine.Started);
    }

    [Fact]
    public async Task A_machine_that_died_meanwhile_is_reported_stopped()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        node.Engine.Running.Clear();
        await node.RestartAsync();
        var view = node.Instances.Find(ResourceRef.To("web")).Value;
        Assert.Equal((InstanceState.Stopped, 1), (view.State, view.StopReason));
        Assert.Contains("gone when wispd came back", view.StopDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_machine_stays_suspended()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { ScaleToZero = null }, Cancel);
        await node.UntilAsync("web", InstanceState.Running);
        await node.Instances.SuspendAsync(ResourceRef.To("web"), null, Cancel);
        await node.RestartAsync();
        Assert.Equal(InstanceState.Stopped, node.Instances.Find(ResourceRef.To("web")).Value.State);
        await node.Instances.StartAsync(ResourceRef.To("web"), TimeSpan.Zero, Cancel);
        Assert.Equal((InstanceState.Running, MachineState.Running), (node.Instances.Find(ResourceRef.To("web")).Value.State, node.Machine.State));
    }

    [Fact]
    public async Task Stopping_all_ends_every_machine()
    {
        await using var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Replicas = 3, ScaleToZero = null }, Cancel);
        await node.Platform.StopAllAsync(null, Cancel);
        Assert.All(node.Engine.Started, machine => Assert.Equal(MachineState.Exited, machine.State));
        Assert.All(node.Instances.List(), instance => Assert.Equal(InstanceState.Stopped, instance.State));
    }
}
