using System.Text.Json.Serialization;
using Wisp.Platform.Frozen;

namespace Wisp.Platform.Records;

/// <summary>What is durable of a template or a checkpoint.</summary>
internal sealed record FrozenRecord
{
    public required FrozenKind Kind { get; init; }
    public required Guid Uuid { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The instance as it was, which is what clones inherit from.</summary>
    public required InstanceRecord Source { get; init; }

    /// <summary>Whose it is: whose the instance was.</summary>
    [JsonIgnore]
    public Guid Account => Source.Account;

    /// <summary>Its memory; null when it was frozen before its first start, so that clones begin like any instance.</summary>
    public Guid? Snapshot { get; init; }

    /// <summary>The write in the guest that asked for it: it returns in each clone.</summary>
    public uint? Ticket { get; init; }

    /// <summary>What it was made of, where it was made on demand.</summary>
    public string? Hash { get; init; }
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];
    public bool DeleteLock { get; init; }

    /// <summary>Since when it is locked: that time does not count against its autokill.</summary>
    public DateTimeOffset? LockedAt { get; init; }
    public TimeSpan? Autokill { get; init; }

    /// <summary>Since when its autokill counts: its last clone, else its making.</summary>
    public required DateTimeOffset CountsFrom { get; init; }

    /// <summary>The checkpoints that it descends from, newest first, itself not among them.</summary>
    public IReadOnlyList<Ancestor> Lineage { get; init => field = value ?? []; } = [];

    /// <summary>True while its memory is still being written; such a record is in no store.</summary>
    [JsonIgnore]
    public bool Pending { get; init; }

    /// <summary>When it is to be deleted by itself; null never, or not as long as it is locked.</summary>
    [JsonIgnore]
    public DateTimeOffset? DiesAt => DeleteLock || Pending || Autokill is not { } after ? null : CountsFrom + after;
}
