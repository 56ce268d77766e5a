using Wisp.Platform.Instances;

namespace Wisp.Platform.Audit;

/// <summary>Something that happened, as the audit stream tells it.</summary>
public sealed record AuditEvent
{
    /// <summary>Whose it is.</summary>
    public required Guid Account { get; init; }

    /// <summary>Its number; it grows with time, over restarts of the node too.</summary>
    public required long Id { get; init; }

    /// <summary>What it is about.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The instance, where it is about one.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its state.</summary>
    public InstanceState? State { get; init; }

    /// <summary>Its state before.</summary>
    public InstanceState? PreviousState { get; init; }

    /// <summary>Its labels at that time.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>What went wrong, or what is missing.</summary>
    public string? Message { get; init; }
}
