namespace Wisp.Contracts.Autoscale;

/// <summary>A policy in an answer.</summary>
public sealed record AutoscalePolicyItem : Item
{
    /// <summary>The policy.</summary>
    public AutoscalePolicy? Policy { get; init; }
}
