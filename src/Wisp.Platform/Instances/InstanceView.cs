using Wisp.Network;
using Wisp.Platform.Frozen;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Instances;

/// <summary>An instance as it is at one moment: all that the API shows of it.</summary>
public sealed record InstanceView
{
    /// <summary>Its uuid.</summary>
    public required Guid Uuid { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Its state.</summary>
    public required InstanceState State { get; init; }
    /// <summary>The image, <c>name@sha256:…</c>.</summary>
    public required string Image { get; init; }
    /// <summary>RAM in MiB.</summary>
    public required int MemoryMb { get; init; }
    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }
    /// <summary>Arguments it runs with, when they were given.</summary>
    public IReadOnlyList<string>? Args { get; init; }
    /// <summary>Environment that was given.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    /// <summary>How often it was started by a caller or a policy, wakes not counted.</summary>
    public int StartCount { get; init; }
    /// <summary>How often the restart policy started it.</summary>
    public int RestartCount { get; init; }
    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When it last stopped.</summary>
    public DateTimeOffset? StoppedAt { get; init; }
    /// <summary>Of a deleted one: when it goes for good.</summary>
    public DateTimeOffset? RetainedUntil { get; init; }
    /// <summary>Time since the start, while it is not stopped; zero otherwise.</summary>
    public TimeSpan Uptime { get; init; }
    /// <summary>From the start to a VMM that can be spoken to.</summary>
    public TimeSpan? VmmStartTime { get; init; }
    /// <summary>From there until the VMM had its guest, at the last start or deep wake.</summary>
    public TimeSpan? VmmLoadTime { get; init; }
    /// <summary>From the start to where its virtual CPUs ran.</summary>
    public TimeSpan? VmmReadyTime { get; init; }
    /// <summary>From kernel start to init, by the guest's clock.</summary>
    public TimeSpan? BootTime { get; init; }
    /// <summary>From the start to the first published port open.</summary>
    public TimeSpan? NetTime { get; init; }
    /// <summary>Why it stopped, a bit mask (platform API, "stop_reason bit mask").</summary>
    public int? StopReason { get; init; }
    /// <summary>The application's exit code.</summary>
    public int? ExitCode { get; init; }
    /// <summary>The kernel's or platform's code (platform API, "stop_code").</summary>
    public int? StopCode { get; init; }
    /// <summary>Why it stopped or cannot start, in words; shown by the CLI, not part of the platform API.</summary>
    public string? StopDetail { get; init; }
    /// <summary>Restart policy.</summary>
    public required RestartPolicy RestartPolicy { get; init; }
    /// <summary>The attempt the restart policy is at, and when the next one is due; null outside a sequence.</summary>
    public (int Attempt, DateTimeOffset? NextAt)? Restart { get; init; }
    /// <summary>Scale-to-zero settings.</summary>
    public required ScaleToZero ScaleToZero { get; init; }
    /// <summary>Its service group.</summary>
    public (Guid Uuid, string Name, IReadOnlyList<string> Domains)? ServiceGroup { get; init; }
    /// <summary>Its interface: uuid, and where it is.</summary>
    public (Guid Uuid, GuestInterface At)? Interface { get; init; }
    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>Labels with values.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    /// <summary>Changes that wait for its next stop.</summary>
    public IReadOnlyList<GivenChange> Updates { get; init; } = [];
    /// <summary>Its share of the processors; null where it has no use for any.</summary>
    public SchedulingPriority? Priority { get; init; }
    /// <summary>The instances that are started before it.</summary>
    public IReadOnlyList<(Guid Uuid, string Name)> Dependencies { get; init; } = [];
    /// <summary>True when it is removed as it stops.</summary>
    public bool DeleteOnStop { get; init; }
    /// <summary>Host name.</summary>
    public required string Hostname { get; init; }
    /// <summary>The snapshot that it sleeps in or was started from; of a template or checkpoint, its memory.</summary>
    public Guid? Snapshot { get; init; }
    /// <summary>How deep it sleeps, or null; shown by the CLI, not part of the platform API.</summary>
    public SleepDepth? Depth { get; init; }
    /// <summary>True when it cannot be deleted.</summary>
    public bool DeleteLock { get; init; }
    /// <summary>How long after it stopped it is deleted; null never.</summary>
    public TimeSpan? Autokill { get; init; }
    /// <summary>What is done with it by the calendar.</summary>
    public IReadOnlyList<ScheduleView> Schedules { get; init; } = [];
    /// <summary>Of a template: how long after its last clone it is deleted.</summary>
    public TimeSpan? TemplateAutokill { get; init; }
    /// <summary>Of a checkpoint: how long after its last use it is deleted.</summary>
    public TimeSpan? CheckpointAutokill { get; init; }
}
