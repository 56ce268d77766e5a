namespace Wisp.Contracts.Instances;

/// <summary>What an instance uses and serves (platform API, "metrics").</summary>
public sealed record InstanceMetrics : Item
{
    /// <summary>State.</summary>
    public string? State { get; init; }
    /// <summary>Starts.</summary>
    public int? StartCount { get; init; }
    /// <summary>Restarts by policy.</summary>
    public int? RestartCount { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? StartedAt { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? StoppedAt { get; init; }
    /// <summary>Milliseconds since the start.</summary>
    public long? UptimeMs { get; init; }
    /// <summary>Resident memory of its machine.</summary>
    public long? RssBytes { get; init; }
    /// <summary>CPU time of its machine.</summary>
    public long? CpuTimeMs { get; init; }
    /// <summary>Microseconds of kernel boot.</summary>
    public long? BootTimeUs { get; init; }
    /// <summary>Microseconds until the first port was open.</summary>
    public long? NetTimeUs { get; init; }
    /// <summary>Bytes that it received since its machine started.</summary>
    public long? RxBytes { get; init; }
    /// <summary>Packets that it received.</summary>
    public long? RxPackets { get; init; }
    /// <summary>Bytes that it sent.</summary>
    public long? TxBytes { get; init; }
    /// <summary>Packets that it sent.</summary>
    public long? TxPackets { get; init; }
    /// <summary>Connections and requests that are open.</summary>
    public long? Nconns { get; init; }
    /// <summary>Requests that it works on.</summary>
    public long? Nreqs { get; init; }
    /// <summary>Requests that wait for it to wake.</summary>
    public long? Nqueued { get; init; }
    /// <summary>Requests and connections served since wispd started.</summary>
    public long? Ntotal { get; init; }
    /// <summary>How long its wakes took.</summary>
    public IReadOnlyList<WakeupBucket>? WakeupLatency { get; init; }
    /// <summary>Milliseconds of all of them.</summary>
    public double? WakeupLatencySum { get; init; }
}
