namespace Wisp.Contracts.Instances;

/// <summary>Answer of start, stop, suspend, delete and wait.</summary>
public sealed record InstanceTransition : Item
{
    /// <summary>State now.</summary>
    public string? State { get; init; }
    /// <summary>State before.</summary>
    public string? PreviousState { get; init; }
}
