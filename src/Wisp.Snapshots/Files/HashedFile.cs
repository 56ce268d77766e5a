namespace Wisp.Snapshots.Files;

/// <summary>A file as it was when its digest was computed.</summary>
internal sealed record HashedFile(FileStamp Stamp, string Sha256);
