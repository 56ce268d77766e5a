namespace Wisp.Platform.Autoscale;

/// <summary>What follows when a metric is in a range.</summary>
/// <param name="Lower">From here; null is open.</param>
/// <param name="Upper">To below here; null is open.</param>
/// <param name="Adjustment">What follows.</param>
public sealed record ScalingStep(long? Lower, long? Upper, long Adjustment)
{
    /// <summary>True when a value is in its range.</summary>
    public bool Holds(double value) => !(value < Lower) && !(value >= Upper);
}
