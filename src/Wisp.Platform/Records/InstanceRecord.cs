using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Snapshots;

namespace Wisp.Platform.Records;

/// <remarks>A member that an older record lacks arrives as null, whatever the initializer says; hence the accessors.</remarks>
/// <summary>What is durable of an instance. Being paused and resumed changes nothing here: that is read off the machine itself.</summary>
internal sealed record InstanceRecord
{
    public required Guid Uuid { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whose it is. What was made before there were accounts is the node's own.</summary>
    public Guid Account { get; init => field = value == Guid.Empty ? Accounts.Account.Own : value; } = Accounts.Account.Own;

    /// <summary>Image name without tag.</summary>
    public required string ImageName { get; init; }
    public required string ImageDigest { get; init; }
    public required int MemoryMb { get; init; }
    public required int Vcpus { get; init; }
    public IReadOnlyList<string>? Args { get; init; }
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    public required RestartPolicy RestartPolicy { get; init; }
    public required ScaleToZero ScaleToZero { get; init; }
    public Guid? ServiceGroup { get; init; }
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    public bool DeleteOnStop { get; init; }
    public required string Hostname { get; init; }

    /// <summary>What its next machine is made with, where that was changed while this one exists.</summary>
    public InstanceDefinition? Next { get; init; }

    /// <summary>The changes that led there, as they were written.</summary>
    public IReadOnlyList<GivenChange> Updates { get; init => field = value ?? []; } = [];

    /// <summary>True when it cannot be deleted.</summary>
    public bool DeleteLock { get; init; }

    /// <summary>How long after it stopped it is deleted; null never.</summary>
    public TimeSpan? Autokill { get; init; }

    /// <summary>What is done with it by the calendar.</summary>
    public IReadOnlyList<ScheduleRecord> Schedules { get; init => field = value ?? []; } = [];

    /// <summary>The instances that are started before it; those that are gone by now included.</summary>
    public IReadOnlyList<Guid> Dependencies { get; init => field = value ?? []; } = [];

    /// <summary>True when autoscale made it, and takes it away.</summary>
    public bool IsAutoscaled { get; init; }

    /// <summary>Its share of the processors.</summary>
    public SchedulingPriority Priority { get; init; }

    /// <summary>The instance that it was forked from by the guest, and the guest's number for that.</summary>
    public Guid? ForkedFrom { get; init; }
    public uint? ForkTicket { get; init; }

    /// <summary>The <see cref="Life"/> of that instance in which it was: a guest that starts afresh counts from 1 again.</summary>
    public int ForkLife { get; init; }

    /// <summary>Where its family of forks began: known also when those in between are gone.</summary>
    public Guid? ForkRoot { get; init; }

    /// <summary>The write that made the template it begins from: it returns in this instance.</summary>
    public uint? TemplateTicket { get; init; }

    /// <summary>The checkpoints that it descends from, newest first.</summary>
    public IReadOnlyList<Ancestor> Lineage { get; init => field = value ?? []; } = [];

    /// <summary>What it becomes when it is there for that only; the next daemon removes it.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>Place in the guest network; address, MAC, tap and the VMM's uid follow from it.</summary>
    public required int Slot { get; init; }
    public required Guid InterfaceUuid { get; init; }

    /// <summary>The snapshot that every start restores (a template, checkpoint or branch); null is the image's boot snapshot, or a boot.</summary>
    public Guid? Origin { get; init; }

    /// <summary>
    /// Which of its lives this is: raised by every start and as its machine is discarded, and not by a wake that goes on from where it was.
    /// Children belong to the life that forked them.
    /// </summary>
    public int Life { get; init; }

    /// <summary>True when every start boots.</summary>
    public bool Cold { get; init; }

    /// <summary>True while a machine of this instance exists or should, frozen ones included: what a restarted daemon adopts.</summary>
    public bool HasMachine { get; init; }

    /// <summary>Ports that its machine was told to say of when they are open.</summary>
    public IReadOnlyList<int>? Watched { get; init; }

    /// <summary>What its machine was made with: a state frozen of it fits nothing else, whatever the node boots by now.</summary>
    public Compatibility? Compatibility { get; init; }

    /// <summary>
    /// The snapshot that holds its state in deep standby. A machine that is found in spite of it is newer; so was one that left the mark
    /// of a wake (<see cref="Instances.Sleep.WakeMark"/>) and is gone.
    /// </summary>
    public Guid? Hibernated { get; init; }

    /// <summary>True in stateless standby: its machine was ended, and the next request starts it afresh. A machine that is found is newer.</summary>
    public bool Discarded { get; init; }

    /// <summary>True when a user suspended it though its policy is off: shown as stopped, resumed by start.</summary>
    public bool Suspended { get; init; }

    /// <summary>Who asked for the stop that is under way: the next daemon carries it out, and no restart follows.</summary>
    public StopRequest StopAsked { get; init; }
    public int StartCount { get; init; }
    public int RestartCount { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public StopInfo? Stop { get; init; }
    public StartTimings Timings { get; init => field = value ?? StartTimings.None; } = StartTimings.None;

    /// <summary>The same with all changes made that wait for it to have no machine.</summary>
    public InstanceRecord Settled() => Next is { } next ? next.ApplyTo(this) : this;
}
