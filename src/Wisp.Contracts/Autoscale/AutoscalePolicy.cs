namespace Wisp.Contracts.Autoscale;

/// <summary>When a service group scales.</summary>
public sealed record AutoscalePolicy
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }
    /// <summary><c>step</c>.</summary>
    public string? Type { get; init; }
    /// <summary>Whether it counts.</summary>
    public bool? Enabled { get; init; }
    /// <summary>What is measured.</summary>
    public string? Metric { get; init; }
    /// <summary><c>change</c>, <c>exact</c> or <c>percentage</c>.</summary>
    public string? AdjustmentType { get; init; }
    /// <summary>What follows from what is measured.</summary>
    public IReadOnlyList<AutoscaleStep>? Steps { get; init; }
}
