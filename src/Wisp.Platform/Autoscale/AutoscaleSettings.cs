namespace Wisp.Platform.Autoscale;

/// <summary>How a service group grows and shrinks.</summary>
public sealed record AutoscaleSettings
{
    /// <summary>Fewest instances that serve.</summary>
    public long MinSize { get; init; } = 1;

    /// <summary>Most of them.</summary>
    public long MaxSize { get; init; } = 10;

    /// <summary>How long nothing is decided after instances were added.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing is decided after instances were taken away; also how long these may finish what they have.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The template that new ones are made of; null is a branch of the group's oldest instance.</summary>
    public Guid? Template { get; init; }

    /// <summary>When it grows and shrinks.</summary>
    public IReadOnlyList<ScalingPolicy> Policies { get; init => field = value ?? []; } = [];

    /// <summary>The part of <see cref="MaxSize"/> from which on answers carry a warning; 0 never.</summary>
    public double HighWatermark { get; init; }
}
