namespace Wisp.Snapshots;

/// <summary>Something in the store: a snapshot, or what should be one.</summary>
/// <param name="Name">Its name in the store's directory: a uuid, or something else when it is foreign.</param>
/// <param name="Manifest">What is known of it, or null when that cannot be read.</param>
/// <param name="OwnBytes">Bytes of its own files.</param>
/// <param name="SharedBytes">Bytes of the layers below, which it shares with other snapshots.</param>
/// <param name="LastUsedAt">When it was made, opened or touched last.</param>
/// <param name="Problem">Why it cannot be used, as far as that shows without reading all of it; else null.</param>
public sealed record SnapshotEntry(string Name, SnapshotManifest? Manifest, long OwnBytes, long SharedBytes, DateTimeOffset LastUsedAt, WispError? Problem)
{
    /// <summary>Its uuid, or null when it is foreign.</summary>
    public Guid? Uuid => SnapshotFiles.UuidOf(Name);
}
