namespace Wisp.Snapshots;

/// <summary>What was deleted.</summary>
/// <param name="Deleted">The snapshots.</param>
/// <param name="BytesFreed">Bytes of their files. What the filesystem shares between files may free less.</param>
public sealed record SnapshotRemoval(IReadOnlyList<Guid> Deleted, long BytesFreed);
