using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots;

/// <summary>
/// A snapshot whose files have been found to be what was written. They stay on disk as long as it is among the roots of
/// <see cref="ISnapshotStore.CollectAsync"/>, or needed by one that is; mappings of them outlive even that.
/// </summary>
public sealed class Snapshot
{
    internal Snapshot(SnapshotManifest manifest, string directory, IReadOnlyList<MemoryLayer> layers, long ownBytes, long sharedBytes) =>
        (Manifest, Directory, Layers, OwnBytes, SharedBytes) = (manifest, directory, layers, ownBytes, sharedBytes);

    /// <summary>What is known of it.</summary>
    public SnapshotManifest Manifest { get; }

    /// <summary>The snapshot.</summary>
    public Guid Uuid => Manifest.Uuid;

    /// <summary>Where it is.</summary>
    public string Directory { get; }

    /// <summary>Its memory, bottom first, its own layer last: for <see cref="MemoryMap.Compose"/>.</summary>
    public IReadOnlyList<MemoryLayer> Layers { get; }

    /// <summary>The file with its device state, which the engine wrote.</summary>
    public string DevicesPath => Path.Combine(Directory, SnapshotFiles.Devices);

    /// <summary>Bytes of its own files.</summary>
    public long OwnBytes { get; }

    /// <summary>Bytes of the layers below, which it shares with other snapshots.</summary>
    public long SharedBytes { get; }
}
