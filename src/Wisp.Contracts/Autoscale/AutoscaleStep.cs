namespace Wisp.Contracts.Autoscale;

/// <summary>A step of a policy.</summary>
/// <param name="Adjustment">How many more or fewer.</param>
/// <param name="LowerBound">From here; null is open.</param>
/// <param name="UpperBound">To here; null is open.</param>
public sealed record AutoscaleStep(long Adjustment, long? LowerBound, long? UpperBound);
