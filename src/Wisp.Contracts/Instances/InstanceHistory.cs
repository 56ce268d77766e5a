namespace Wisp.Contracts.Instances;

/// <summary>The checkpoints that an instance or a checkpoint descends from (platform API, "history").</summary>
public sealed record InstanceHistory : Item
{
    /// <summary>Newest first.</summary>
    public IReadOnlyList<HistoryEntry>? History { get; init; }
}

/// <summary>A checkpoint of a history; it need not exist any more.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">RFC 3339, UTC.</param>
public sealed record HistoryEntry(string Uuid, string Name, string CreatedAt);
