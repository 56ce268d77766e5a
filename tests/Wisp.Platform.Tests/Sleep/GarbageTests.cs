using Wisp.Platform.Instances;
using Wisp.Snapshots;
using Wisp.Testing;
using static Wisp.Platform.Tests.Sleep.Sleeping;

namespace Wisp.Platform.Tests.Sleep;

public sealed class GarbageTests
{
    [Fact]
    public async Task What_nobody_needs_goes_when_wispd_starts_and_what_sleeps_stays()
    {
        await using var node = await HibernatedAsync();
        var frozen = node.Find("web").Snapshot!.Value;
        var lost = await FreezeAsync(node, SnapshotKind.Hibernation);
        await node.RestartAsync();
        Assert.Null(node.Snapshots.Find(lost));
        Assert.NotNull(node.Snapshots.Find(frozen));
        Assert.True((await node.RequestAsync()).IsSuccess);
    }

    [Fact]
    public async Task What_others_name_stays_until_they_do_no_longer()
    {
        await using var node = await RunningAsync();
        var needed = await FreezeAsync(node, SnapshotKind.Template);
        HashSet<Guid> names = [needed];
        node.Platform.NeedSnapshots(() => names);
        await node.Instances.CreateAsync(new CreateInstance { Name = "a", Image = "hello" }, Cancel);
        await node.Instances.DeleteAsync(ResourceRef.To("a"), Cancel);
        Assert.NotNull(node.Snapshots.Find(needed));
        names.Clear();
        await node.Instances.DeleteAsync(Web, Cancel);
        Assert.Null(node.Snapshots.Find(needed));
    }

    private static async Task<Guid> FreezeAsync(TestNode node, SnapshotKind kind)
    {
        await using var draft = node.Snapshots.Begin(kind).Value;
        await File.WriteAllBytesAsync(draft.MemoryPath, [], Cancel);
        await File.WriteAllBytesAsync(draft.DevicesPath, [1], Cancel);
        var manifest = new SnapshotManifest
        {
            MemoryBytes = 4096, Vcpus = 1, Compatibility = node.Engine.Compatibility, Disk = new SnapshotDisk("hello", "sha256:a"), Source = new SnapshotSource(Guid.NewGuid(), "x"),
        };
        return (await draft.CommitAsync(manifest, [], Cancel)).Value.Uuid;
    }
}
