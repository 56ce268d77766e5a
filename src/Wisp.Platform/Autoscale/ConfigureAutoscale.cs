namespace Wisp.Platform.Autoscale;

/// <summary>A request for how a service group scales; null is "not given": as it was, or as it is by default.</summary>
public sealed record ConfigureAutoscale
{
    /// <summary>Fewest instances.</summary>
    public long? MinSize { get; init; }

    /// <summary>Most instances.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Time after growing in which nothing is decided.</summary>
    public TimeSpan? Warmup { get; init; }

    /// <summary>Time after shrinking in which nothing is decided.</summary>
    public TimeSpan? Cooldown { get; init; }

    /// <summary>The template of new instances.</summary>
    public ResourceRef? Template { get; init; }

    /// <summary>When it grows and shrinks.</summary>
    public IReadOnlyList<ScalingPolicy>? Policies { get; init; }

    /// <summary>The part of the most from which on answers carry a warning.</summary>
    public double? HighWatermark { get; init; }
}
