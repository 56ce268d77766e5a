namespace Wisp.Snapshots;

/// <summary>The instance that was frozen.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name at that time.</param>
public sealed record SnapshotSource(Guid Uuid, string Name);
