namespace Wisp.Contracts;

/// <summary>Answer of a change of a property.</summary>
public sealed record ResourceChange : Item
{
    /// <summary>What the request called it.</summary>
    public string? Id { get; init; }
}
