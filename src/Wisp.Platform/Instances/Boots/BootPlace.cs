namespace Wisp.Platform.Instances.Boots;

/// <summary>A start's place among those of the same key: exactly one of these is given.</summary>
/// <param name="Snapshot">There is a snapshot to restore.</param>
/// <param name="Lead">It boots, and has the snapshot made.</param>
/// <param name="Follow">Another does; it waits.</param>
internal readonly record struct BootPlace(Guid? Snapshot, BootFlight? Lead, BootFlight? Follow);
