using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

/// <summary>A store on a small filesystem that somebody fills.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_disk_that_fills_up_is_said_so_and_nothing_is_left()
    {
        await using var disk = await Mount.TmpfsAsync("1m");
        using var workshop = new Workshop(Path.Combine(disk.Path, "snapshots"));
        var store = await workshop.OpenAsync();
        var old = await workshop.CommitAsync(store);
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Checkpoint, old.Manifest.Stack, (0, 1));
        Fill(disk);
        AssertFull(await draft.CommitAsync(Workshop.Manifest(old.Manifest.Stack), extents, default), draft.Directory);
        Assert.Equal([old.Directory], Directory.EnumerateFileSystemEntries(workshop.Path));
        Assert.Null((await store.OpenAsync(old.Uuid, null, default)).Error);
        await draft.DisposeAsync();
    }

    [Fact]
    public async Task So_it_is_when_a_stack_is_folded()
    {
        await using var disk = await Mount.TmpfsAsync("1m");
        using var workshop = new Workshop(Path.Combine(disk.Path, "snapshots"));
        var store = await workshop.OpenAsync();
        var snapshot = await workshop.CommitAsync(store, SnapshotKind.Boot);
        while (snapshot.Layers.Count < SnapshotStore.MaximumDepth)
        {
            var depth = snapshot.Layers.Count;
            snapshot = await workshop.CommitAsync(store, on: snapshot, pages: [(depth, 1), (depth + 8, 2)]);
        }

        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Checkpoint, snapshot.Manifest.Stack, (0, 1));
        // Room for the index and the manifest, not for all the pages.
        Fill(disk, leaving: 6 * Pages.Size);
        AssertFull(await draft.CommitAsync(Workshop.Manifest(snapshot.Manifest.Stack), extents, default), draft.MemoryPath);
        Assert.Equal(SnapshotStore.MaximumDepth, Directory.EnumerateFileSystemEntries(workshop.Path).Count());
        Assert.Null((await store.OpenAsync(snapshot.Uuid, null, default)).Error);
        await draft.DisposeAsync();

        // With room again it works.
        File.Delete(Path.Combine(disk.Path, "filler"));
        Assert.Equal(2, (await workshop.CommitAsync(store, on: snapshot)).Layers.Count);
    }

    private static void AssertFull(Result<Snapshot> committed, string path)
    {
        var error = committed.Error!;
        Assert.Equal((ErrorCode.OperationFailed, "disk-full"), (error.Code, error.Help));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
    }

    private static void Fill(Mount disk, long leaving = 0)
    {
        var path = Path.Combine(disk.Path, "filler");
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            var free = new DriveInfo(disk.Path).AvailableFreeSpace;
            RandomAccess.Write(file, new byte[free - leaving], 0);
        }

        Assert.Equal(leaving, new DriveInfo(disk.Path).AvailableFreeSpace);
    }
}
