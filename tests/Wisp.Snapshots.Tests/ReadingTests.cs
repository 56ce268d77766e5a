using System.Globalization;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

/// <summary>How much is read to open a snapshot, which the kernel counts for the whole process: no other test may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class ReadingTests : IDisposable
{
    private const int MemoryBytes = 32 * 1024 * 1024;

    private readonly Workshop _workshop = new();

    [Fact]
    public async Task What_this_process_wrote_is_not_read_to_be_opened()
    {
        var store = await _workshop.OpenAsync();
        var uuid = await WriteAsync(store);
        Assert.InRange(await CountAsync(() => OpenAsync(store, uuid)), 0, MemoryBytes / 16);
    }

    [Fact]
    public async Task After_a_restart_it_is_read_once_however_many_ask_at_the_same_time()
    {
        var uuid = await WriteAsync(await _workshop.OpenAsync());
        var store = await _workshop.OpenAsync();
        Assert.InRange(
            await CountAsync(() => Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => OpenAsync(store, uuid))))), MemoryBytes, 2 * MemoryBytes);
        Assert.InRange(await CountAsync(() => OpenAsync(store, uuid)), 0, MemoryBytes / 16);
        // Its time of change is another now: something may have happened to it.
        File.SetLastWriteTimeUtc(Path.Combine(_workshop.Path, uuid.ToString(), "memory"), DateTime.UnixEpoch);
        Assert.InRange(await CountAsync(() => OpenAsync(store, uuid)), MemoryBytes, 2 * MemoryBytes);
    }

    public void Dispose() => _workshop.Dispose();

    private static async Task<Guid> WriteAsync(SnapshotStore store)
    {
        await using var draft = store.Begin(SnapshotKind.Boot).Value;
        await File.WriteAllTextAsync(draft.DevicesPath, "state of devices");
        await File.WriteAllBytesAsync(draft.MemoryPath, new byte[MemoryBytes]);
        var committed = await draft.CommitAsync(Workshop.Manifest() with { MemoryBytes = MemoryBytes }, [new(0, MemoryBytes, 0)], default);
        return committed.Value.Uuid;
    }

    private static async Task OpenAsync(SnapshotStore store, Guid uuid) => Assert.Null((await store.OpenAsync(uuid, null, default)).Error);

    private static async Task<long> CountAsync(Func<Task> act)
    {
        var before = BytesRead();
        await act();
        return BytesRead() - before;
    }

    private static long BytesRead() =>
        long.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith("rchar:", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
