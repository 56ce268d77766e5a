using Wisp.Snapshots.Files;

namespace Wisp.Snapshots.Catalogue;

/// <summary>A directory of the store, as it was read.</summary>
internal sealed class SnapshotRecord
{
    private long _lastUsed;

    /// <summary>The directory's name.</summary>
    public required string Name { get; init; }

    public required string Directory { get; init; }

    /// <summary>Null when it cannot be used.</summary>
    public SnapshotManifest? Manifest { get; init; }

    /// <summary>When the manifest was read.</summary>
    public FileStamp? ManifestStamp { get; init; }

    /// <summary>What it lies on, as far as that is known; of a damaged one, too.</summary>
    public IReadOnlyList<Guid> Layers { get; init; } = [];

    /// <summary>What is wrong with it alone, or null.</summary>
    public WispError? Problem { get; init; }

    public long OwnBytes { get; init; }

    /// <summary>Written by whoever uses it, read when the longest unused is looked for.</summary>
    public DateTimeOffset LastUsedAt
    {
        get => new(Volatile.Read(ref _lastUsed), TimeSpan.Zero);
        set => Volatile.Write(ref _lastUsed, value.UtcTicks);
    }

    public string ManifestPath => Path.Combine(Directory, SnapshotFiles.Manifest);

    /// <summary>Bytes that another snapshot shares by lying on it.</summary>
    public long MemoryFileBytes => Manifest?.Files[SnapshotFiles.Memory].Bytes ?? 0;
}
