namespace Wisp.Platform.Frozen;

/// <summary>What an instance or a checkpoint descends from.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ancestors">Newest first.</param>
public sealed record Lineage(Guid Uuid, string Name, IReadOnlyList<Ancestor> Ancestors);
