using Wisp.Contracts.Instances;

namespace Wisp.Contracts.Services;

/// <summary>What a service group is asked and serves (Wisp's own). Counts begin with wispd.</summary>
public sealed record ServiceMetrics : Item
{
    /// <summary>The names that it answers to.</summary>
    public IReadOnlyList<Domain>? Domains { get; init; }
    /// <summary>Requests that are over, by the class of their status: <c>2xx</c> and so on.</summary>
    public IReadOnlyDictionary<string, long>? Requests { get; init; }
    /// <summary>Connections without HTTP.</summary>
    public long? Connections { get; init; }
    /// <summary>Requests and connections that are open, held ones included.</summary>
    public int? InFlight { get; init; }
    /// <summary>Requests and connections that wait for an instance to wake.</summary>
    public int? Held { get; init; }
    /// <summary>How long those waited that had to.</summary>
    public IReadOnlyList<WakeupBucket>? HoldLatency { get; init; }
    /// <summary>Milliseconds of all of them.</summary>
    public double? HoldLatencySum { get; init; }
    /// <summary>How long the wakes took that they caused.</summary>
    public IReadOnlyList<WakeupBucket>? WakeupLatency { get; init; }
    /// <summary>Milliseconds of all of them.</summary>
    public double? WakeupLatencySum { get; init; }
    /// <summary>Bytes from clients: of bodies and of connections.</summary>
    public long? RxBytes { get; init; }
    /// <summary>Bytes to clients.</summary>
    public long? TxBytes { get; init; }
    /// <summary>How often the gateway answered itself, by the reason.</summary>
    public IReadOnlyDictionary<string, long>? Errors { get; init; }
    /// <summary>Instances.</summary>
    public int? Instances { get; init; }
    /// <summary>Those of them that take traffic at once.</summary>
    public int? InstancesAwake { get; init; }
}
