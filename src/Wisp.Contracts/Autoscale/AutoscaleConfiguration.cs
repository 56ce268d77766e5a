namespace Wisp.Contracts.Autoscale;

/// <summary>How a service group scales out (platform API, "Autoscale").</summary>
public sealed record AutoscaleConfiguration : Item
{
    /// <summary>False while nothing is configured.</summary>
    public bool? Enabled { get; init; }
    /// <summary>Fewest instances.</summary>
    public int? MinSize { get; init; }
    /// <summary>Most instances.</summary>
    public int? MaxSize { get; init; }
    /// <summary>Time before a new instance counts.</summary>
    public long? WarmupTimeMs { get; init; }
    /// <summary>Part of the most from which on answers carry a warning; 0 never.</summary>
    public double? HighWatermark { get; init; }
    /// <summary>Time between two changes.</summary>
    public long? CooldownTimeMs { get; init; }
    /// <summary>What new instances are made of.</summary>
    public Services.ServiceGroupInstance? Template { get; init; }
    /// <summary>When it scales.</summary>
    public IReadOnlyList<AutoscalePolicy>? Policies { get; init; }
}
