namespace Wisp.Platform.Autoscale;

/// <summary>A rule by which a service group grows or shrinks. Members that its kind does not use are as they are by default.</summary>
public sealed record ScalingPolicy
{
    /// <summary>Its name, unique in the group.</summary>
    public required string Name { get; init; }

    /// <summary>What it goes by.</summary>
    public PolicyKind Kind { get; init; }

    /// <summary>True when it counts.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Of a step policy: what it measures.</summary>
    public ScalingMetric Metric { get; init; }

    /// <summary>Of a step policy: what the numbers of its steps mean.</summary>
    public ScalingAdjustment Adjustment { get; init; }

    /// <summary>Of a step policy: at most four, in order, each beginning where the one before it ends.</summary>
    public IReadOnlyList<ScalingStep> Steps { get; init => field = value ?? []; } = [];

    /// <summary>Of a create policy: the requests after which an instance gets a companion.</summary>
    public long Requests { get; init; }

    /// <summary>Of a create policy: the companion takes its place.</summary>
    public bool Replace { get; init; }

    /// <summary>Of an idle policy: how long an instance has nothing to do before it may go.</summary>
    public TimeSpan IdleTime { get; init; }
}
