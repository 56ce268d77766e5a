namespace Wisp.Contracts.Autoscale;

/// <summary>When a service group scales.</summary>
public sealed record AutoscalePolicy
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }
    /// <summary><c>step</c>, <c>on_demand</c>, <c>create</c> or <c>idle</c>.</summary>
    public string? Type { get; init; }
    /// <summary>Whether it counts.</summary>
    public bool? Enabled { get; init; }
    /// <summary>What is measured.</summary>
    public string? Metric { get; init; }
    /// <summary><c>change</c>, <c>exact</c> or <c>percentage</c>.</summary>
    public string? AdjustmentType { get; init; }
    /// <summary>What follows from what is measured.</summary>
    public IReadOnlyList<AutoscaleStep>? Steps { get; init; }
    /// <summary>Of <c>create</c>: whether the new instance takes the old one's place.</summary>
    public bool? Replace { get; init; }
    /// <summary>Of <c>create</c>: the requests after which an instance gets a companion.</summary>
    public long? NumRequests { get; init; }
    /// <summary>Of <c>idle</c>: how long an instance has nothing to do before it may go.</summary>
    public long? IdleTimeMs { get; init; }
}
