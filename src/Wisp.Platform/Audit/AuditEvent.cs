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

    /// <summary>The instance, checkpoint or user that it is about.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its state.</summary>
    public InstanceState? State { get; init; }

    /// <summary>Its state before.</summary>
    public InstanceState? PreviousState { get; init; }

    /// <summary>Its labels at that time.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>What went wrong, what is missing or what is another.</summary>
    public string? Message { get; init; }

    /// <summary>Id of the token that it is about; no secret.</summary>
    public string? Token { get; init; }

    /// <summary>Id of the token with which it was asked for; null for the node's own.</summary>
    public string? By { get; init; }

    /// <summary>True when it is about another account than the one that it is told to: then only administrators hear it.</summary>
    public bool IsOfAnother { get; init; }
}
