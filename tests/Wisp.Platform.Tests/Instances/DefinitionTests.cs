using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Instances;

/// <summary>Changes that wait for a machine's end: nobody loses them, and each ending makes them.</summary>
public sealed class DefinitionTests
{
    private static readonly PropertyChange More = new PropertyChange.SetMemory(256) { Given = new GivenChange("memory_mb", "set", "256") };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_outlive_the_daemon()
    {
        await using var node = await RunAsync();
        await ChangeAsync(node);
        await node.RestartAsync();
        Assert.Equal([More.Given!], node.Find("web").Updates);
        Assert.Equal(128, node.Find("web").MemoryMb);
        node.Machine.End(new Machines.MachineExit(Machines.MachineExitCause.ApplicationExited, 0, null));
        await node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal((256, 0), (node.Find("web").MemoryMb, node.Find("web").Updates.Count));
        await node.RestartAsync();
        Assert.Equal(256, node.Find("web").MemoryMb);
    }

    [Fact]
    public async Task Those_that_a_later_one_makes_void_wait_no_longer_and_there_is_an_end_to_them()
    {
        await using var node = await RunAsync();
        await ChangeAsync(node);
        await ChangeAsync(node);
        Assert.Equal([More.Given!], node.Find("web").Updates);
        var one = new PropertyChange.SetMemory(256) { Given = new GivenChange("memory_mb", "add", "1") };
        for (var i = 1; i < 64; i++)
        {
            Assert.True((await node.Instances.ChangeAsync(ResourceRef.To("web"), one, Cancel)).IsSuccess);
        }

        Assert.Equal(ErrorCode.TooMany, (await node.Instances.ChangeAsync(ResourceRef.To("web"), one, Cancel)).Error!.Code);
        Assert.Equal(64, node.Find("web").Updates.Count);
        await ChangeAsync(node);
        Assert.Equal([More.Given!], node.Find("web").Updates);
    }

    [Fact]
    public async Task A_restart_by_policy_has_them()
    {
        await using var node = await RunAsync(TestNode.Published() with { RestartPolicy = RestartPolicy.Always, ScaleToZero = ScaleToZero.Default });
        await ChangeAsync(node);
        var first = node.Machine;
        first.End(new Machines.MachineExit(Machines.MachineExitCause.ApplicationExited, 1, null));
        await node.AdvanceUntilAsync(() => node.Machine != first, TimeSpan.FromSeconds(1));
        Assert.Equal(256, node.Machine.Specification.MemoryMib);
    }

    [Fact]
    public async Task A_wake_that_starts_afresh_has_them()
    {
        await using var node = await RunAsync(TestNode.Published() with { ScaleToZero = new ScaleToZero(ScaleToZeroPolicy.On, false, TimeSpan.FromSeconds(1), TimeSpan.Zero) });
        await ChangeAsync(node);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromSeconds(1));
        Assert.Equal(128, node.Find("web").MemoryMb);
        Assert.Null((await node.RequestAsync()).Error);
        Assert.Equal((256, 256, 0), (node.Machine.Specification.MemoryMib, node.Find("web").MemoryMb, node.Find("web").Updates.Count));
    }

    [Fact]
    public async Task A_sleep_that_keeps_memory_keeps_them_waiting()
    {
        await using var node = await RunAsync();
        await ChangeAsync(node);
        await node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromSeconds(1));
        Assert.Null((await node.RequestAsync()).Error);
        Assert.Equal((128, 1), (node.Find("web").MemoryMb, node.Find("web").Updates.Count));
    }

    [Fact]
    public async Task A_change_that_cannot_be_kept_did_not_happen()
    {
        await using var node = await RunAsync();
        node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "The disk is full.");
        Assert.Equal("The disk is full.", (await node.Instances.ChangeAsync(ResourceRef.To("web"), More, Cancel)).Error!.Message);
        Assert.Empty(node.Find("web").Updates);
    }

    private static async Task<TestNode> RunAsync(CreateInstance? request = null)
    {
        var node = await TestNode.StartAsync(Cancel);
        Assert.Null((await node.Instances.CreateAsync((request ?? TestNode.Published()) with { TimeoutS = -1 }, Cancel)).Error);
        return node;
    }

    private static async Task ChangeAsync(TestNode node) => Assert.Null((await node.Instances.ChangeAsync(ResourceRef.To("web"), More, Cancel)).Error);
}
