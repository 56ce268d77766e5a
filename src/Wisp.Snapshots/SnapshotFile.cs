namespace Wisp.Snapshots;

/// <summary>What a file of a snapshot must be.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest, lower-case hexadecimal.</param>
public sealed record SnapshotFile(long Bytes, string Sha256);
