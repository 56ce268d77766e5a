using Wisp.Machines;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;
using Wisp.Snapshots;
using Wisp.Snapshots.Memory;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Boots;

/// <summary>Instances that begin from a template, a checkpoint or a branch.</summary>
public sealed class OriginTests
{
    private static readonly ResourceRef Web = ResourceRef.To("web");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_start_goes_on_from_there_as_somebody_else()
    {
        await using var node = await CloneAsync();
        for (var start = 1; start <= 2; start++)
        {
            Assert.True((await node.Instances.StartAsync(Web, null, Cancel)).IsSuccess);
            Assert.Equal((InstanceState.Running, start), (node.Find("web").State, node.Engine.Restored.Count));
            Assert.Equal(("web", 1), (node.Engine.Restored.Last().Notice.Identity?.Hostname, node.Engine.Restored.Last().Memory.Kept));
            node.Machine.End(new MachineExit(MachineExitCause.ApplicationExited, 0, null));
            await node.UntilAsync("web", InstanceState.Stopped);
        }
    }

    [Fact]
    public async Task One_that_cannot_be_restored_is_never_booted_in_its_place()
    {
        await using var node = await CloneAsync();
        await File.AppendAllTextAsync(Path.Combine(node.InstancesDirectory, "snapshots", node.Find("web").Snapshot!.Value.ToString(), "memory"), "x", Cancel);
        var refused = await node.Instances.StartAsync(Web, null, Cancel);
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-damaged"), (refused.Error?.Code, refused.Error?.Help));
        Assert.Equal(InstanceState.Stopped, node.Find("web").State);
        Assert.Empty(node.Engine.Started);
        // Unless somebody asks for just that.
        Assert.True((await node.Instances.StartColdAsync(Web, null, Cancel)).IsSuccess);
        await node.UntilAsync("web", InstanceState.Running);
    }

    [Fact]
    public async Task Its_origin_is_kept_for_as_long_as_it_exists()
    {
        await using var node = await CloneAsync();
        var origin = node.Find("web").Snapshot!.Value;
        Assert.NotNull(node.Snapshots.Find(origin));
        await node.Instances.DeleteAsync(Web, Cancel);
        Assert.Null(node.Snapshots.Find(origin));
    }

    // An instance whose record names a snapshot, as a daemon finds it that has just started.
    private static async Task<TestNode> CloneAsync()
    {
        var node = await TestNode.StartAsync(Cancel);
        await node.Instances.CreateAsync(TestNode.Published() with { Autostart = false }, Cancel);
        await using var draft = node.Snapshots.Begin(SnapshotKind.Template).Value;
        await File.WriteAllBytesAsync(draft.MemoryPath, new byte[4096], Cancel);
        await File.WriteAllBytesAsync(draft.DevicesPath, [1], Cancel);
        var manifest = new SnapshotManifest
        {
            MemoryBytes = 128 << 20, Vcpus = 1, Compatibility = node.Engine.Compatibility, Disk = new SnapshotDisk("hello", "sha256:a"), Source = new SnapshotSource(Guid.NewGuid(), "x"),
        };
        var template = (await draft.CommitAsync(manifest, [new MemoryExtent(0, 4096, 0)], Cancel)).Value;
        var records = new RecordStore(node.Store);
        var record = (await records.LoadInstancesAsync(Cancel)).Single();
        await records.CommitAsync(RecordStore.Put(record with { Origin = template.Uuid }));
        await node.RestartAsync();
        return node;
    }
}
