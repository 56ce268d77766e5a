namespace Wisp.Contracts;

/// <summary>What is not carried out.</summary>
public sealed record Refused : Item
{
    /// <summary>What the request called it.</summary>
    public string? Id { get; init; }
}
