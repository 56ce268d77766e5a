namespace Wisp.Contracts.Instances;

/// <summary>An instance (platform API, "Instance (answer)").</summary>
public sealed record Instance : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>State.</summary>
    public string? State { get; init; }
    /// <summary><c>name.internal</c>.</summary>
    public string? PrivateFqdn { get; init; }
    /// <summary><c>name@sha256:…</c>.</summary>
    public string? Image { get; init; }
    /// <summary>RAM in MiB.</summary>
    public int? MemoryMb { get; init; }
    /// <summary>Virtual CPUs.</summary>
    public int? Vcpus { get; init; }
    /// <summary>Arguments.</summary>
    public IReadOnlyList<string>? Args { get; init; }
    /// <summary>Environment.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    /// <summary>Starts.</summary>
    public int? StartCount { get; init; }
    /// <summary>Restarts by policy.</summary>
    public int? RestartCount { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? StartedAt { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? StoppedAt { get; init; }
    /// <summary>Of a deleted one: when it goes for good. RFC 3339, UTC.</summary>
    public string? RetainedUntil { get; init; }
    /// <summary>Milliseconds since the start.</summary>
    public long? UptimeMs { get; init; }
    /// <summary>Microseconds until the VMM ran.</summary>
    public long? VmmStartTimeUs { get; init; }
    /// <summary>Microseconds that opening and restoring its snapshot took, at the last start or deep wake.</summary>
    public long? VmmLoadTimeUs { get; init; }
    /// <summary>Microseconds from the start until it counted as running.</summary>
    public long? VmmReadyTimeUs { get; init; }
    /// <summary>Microseconds of kernel boot.</summary>
    public long? BootTimeUs { get; init; }
    /// <summary>Microseconds until the first port was open.</summary>
    public long? NetTimeUs { get; init; }
    /// <summary>Bit mask.</summary>
    public int? StopReason { get; init; }
    /// <summary>The application's exit code.</summary>
    public int? ExitCode { get; init; }
    /// <summary>The kernel's or platform's code.</summary>
    public int? StopCode { get; init; }
    /// <summary>Why it stopped, in words (Wisp's own member).</summary>
    public string? StopDetail { get; init; }
    /// <summary><c>never</c>, <c>always</c> or <c>on-failure</c>.</summary>
    public string? RestartPolicy { get; init; }
    /// <summary>A restart sequence under way.</summary>
    public InstanceRestart? Restart { get; init; }
    /// <summary>Scale-to-zero.</summary>
    public InstanceScaleToZero? ScaleToZero { get; init; }
    /// <summary>Service group.</summary>
    public InstanceServiceGroup? ServiceGroup { get; init; }
    /// <summary>Interfaces.</summary>
    public IReadOnlyList<InstanceNetworkInterface>? NetworkInterfaces { get; init; }
    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
    /// <summary>Labels with values.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    /// <summary>Changes that wait for its next stop.</summary>
    public IReadOnlyList<InstanceUpdate>? Updates { get; init; }
    /// <summary>The memory that its next start restores.</summary>
    public InstanceSnapshot? Snapshot { get; init; }
    /// <summary>How deep it sleeps: <c>paused</c>, <c>reclaimed</c>, <c>hibernated</c> or <c>discarded</c> (Wisp's own member).</summary>
    public string? StandbyDepth { get; init; }
    /// <summary>True when it cannot be deleted.</summary>
    public bool? DeleteLock { get; init; }
    /// <summary>When it is deleted after it stopped.</summary>
    public Autokill? Autokill { get; init; }
    /// <summary>What is done with it by the calendar.</summary>
    public IReadOnlyList<InstanceSchedule>? Schedules { get; init; }
    /// <summary>When a template is deleted after its last clone.</summary>
    public Autokill? TemplateAutokill { get; init; }
    /// <summary>When a checkpoint is deleted after its last use.</summary>
    public Autokill? CheckpointAutokill { get; init; }
    /// <summary>Share of the processors: <c>normal</c>, <c>medium</c>, <c>high</c> or <c>admin</c>.</summary>
    public string? SchedPriority { get; init; }
    /// <summary>The instances that are started before it (Wisp's own member).</summary>
    public IReadOnlyList<InstanceDependency>? Dependencies { get; init; }
    /// <summary>Features.</summary>
    public IReadOnlyList<string>? Features { get; init; }
    /// <summary>Address of the first interface.</summary>
    public string? PrivateIp { get; init; }
    /// <summary>Whom it sends what is for others: the node, at this address.</summary>
    public string? Gateway { get; init; }
    /// <summary>Whom it asks for names.</summary>
    public string? Nameserver { get; init; }
    /// <summary>Host name (Wisp's own member).</summary>
    public string? Hostname { get; init; }
    /// <summary><c>micro</c>.</summary>
    public string? Type { get; init; }
}
