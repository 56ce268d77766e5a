namespace Wisp.Snapshots;

/// <summary>The root filesystem that lies below the guest's overlay. The overlay itself is in its RAM.</summary>
/// <param name="ImageName">Name of the image.</param>
/// <param name="ImageDigest">Digest of the image, <c>sha256:…</c>.</param>
public sealed record SnapshotDisk(string ImageName, string ImageDigest);
