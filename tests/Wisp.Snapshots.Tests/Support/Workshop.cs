using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wisp.Snapshots.Files;

namespace Wisp.Snapshots.Tests.Support;

/// <summary>A store of one test's own, and snapshots for it.</summary>
/// <param name="path">Where it is; a temporary directory when none is said.</param>
public sealed class Workshop(string? path = null) : IDisposable
{
    public static readonly Compatibility Compatibility = new()
    {
        Engine = "qemu", EngineVersion = "7.2.22", Accelerator = "tcg", Cpu = "max", Machine = 1, KernelSha256 = new('a', 64), InitramfsSha256 = new('b', 64),
    };

    private readonly TemporaryDirectory _directory = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public string Path => path ?? _directory.File("snapshots");

    /// <summary>The store as a process finds it that has just started.</summary>
    public async Task<SnapshotStore> OpenAsync()
    {
        var opened = await SnapshotStore.OpenAsync(Path, Time, NullLogger.Instance, default);
        Assert.Null(opened.Error);
        return opened.Value;
    }

    public static SnapshotManifest Manifest(IReadOnlyList<Guid>? layers = null, string? key = null) => new()
    {
        MemoryBytes = Pages.MemoryBytes,
        Vcpus = 1,
        Layers = layers ?? [],
        Compatibility = Compatibility,
        Disk = new SnapshotDisk("hello", "sha256:1111"),
        Key = key,
        Source = new SnapshotSource(Guid.Parse("11111111-2222-3333-4444-555555555555"), "web"),
        Metadata = JsonElement.Parse("""{"env":["A=käse"]}"""),
    };

    /// <summary>A draft with its two files written, and where the pages belong.</summary>
    public static (SnapshotDraft Draft, IReadOnlyList<Wisp.Snapshots.Memory.MemoryExtent> Extents) Begin(
        SnapshotStore store, SnapshotKind kind, IReadOnlyList<Guid>? layers, params (int Page, byte Content)[] pages)
    {
        var draft = store.Begin(kind, layers).Value;
        File.WriteAllText(draft.DevicesPath, "state of devices");
        return (draft, Pages.Write(draft.MemoryPath, pages));
    }

    /// <summary>Makes a snapshot, which must succeed.</summary>
    public async Task<Snapshot> CommitAsync(
        SnapshotStore store, SnapshotKind kind = SnapshotKind.Checkpoint, Snapshot? on = null, string? key = null, params (int Page, byte Content)[] pages)
    {
        var layers = on?.Manifest.Stack;
        var (draft, extents) = Begin(store, kind, layers, pages is [] ? [(0, 1), (7, 2)] : pages);
        await using (draft)
        {
            var committed = await draft.CommitAsync(Manifest(layers, key), extents, default);
            Assert.Null(committed.Error);
            Time.Advance(TimeSpan.FromSeconds(1));
            return committed.Value;
        }
    }

    /// <summary>Flips bits of a byte and gives the file its time of modification back.</summary>
    public static void Flip(string file, long at = 0, byte bits = 1)
    {
        var before = FileStamp.Of(file)!.Value;
        var content = File.ReadAllBytes(file);
        content[at] ^= bits;
        do
        {
            using (var open = File.OpenHandle(file, FileMode.Open, FileAccess.Write))
            {
                RandomAccess.Write(open, content.AsSpan((int)at, 1), at);
            }

            FileTime.Set(file, before.Modified);
        }
        // Older kernels count the time of change in ticks of some milliseconds.
        while (FileStamp.Of(file)!.Value.Changed == before.Changed);
        Assert.Equal((before.Size, before.Modified), (FileStamp.Of(file)!.Value.Size, FileStamp.Of(file)!.Value.Modified));
    }

    public void Dispose() => _directory.Dispose();
}
