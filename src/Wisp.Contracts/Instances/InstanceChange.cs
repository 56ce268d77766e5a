namespace Wisp.Contracts.Instances;

/// <summary>Answer of a change of a property.</summary>
public sealed record InstanceChange : Item
{
    /// <summary>What the request called it.</summary>
    public string? Id { get; init; }
}
