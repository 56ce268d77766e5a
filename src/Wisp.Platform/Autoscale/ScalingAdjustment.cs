namespace Wisp.Platform.Autoscale;

/// <summary>What the number of a step means.</summary>
public enum ScalingAdjustment
{
    /// <summary>So many more, or fewer.</summary>
    Change,
    /// <summary>So many.</summary>
    Exact,
    /// <summary>So many of a hundred more, or fewer; at least one.</summary>
    Percentage,
}
