using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <summary>A snapshot, and who needs it.</summary>
/// <param name="Entry">What there is.</param>
/// <param name="Above">Snapshots whose memory lies on it.</param>
/// <param name="Users">Who refers to it, as <c>instance web</c>.</param>
public sealed record SnapshotView(SnapshotEntry Entry, IReadOnlyList<Guid> Above, IReadOnlyList<string> Users);
