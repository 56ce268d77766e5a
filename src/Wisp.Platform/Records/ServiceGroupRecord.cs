using System.Collections.Immutable;
using Wisp.Platform.Autoscale;

namespace Wisp.Platform.Records;

/// <summary>What is durable of a service group.</summary>
internal sealed record ServiceGroupRecord
{
    public const int DefaultSoftLimit = 1;
    public const int DefaultHardLimit = 65_535;

    public required Guid Uuid { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whose it is. What was made before there were accounts is the node's own.</summary>
    public Guid Account { get; init => field = value == Guid.Empty ? Accounts.Account.Own : value; } = Accounts.Account.Own;

    /// <summary>False for a group made inside an instance request: it goes with its last instance.</summary>
    public required bool Persistent { get; init; }
    public required int SoftLimit { get; init; }
    public required int HardLimit { get; init; }

    /// <summary>How long after its last instance has gone it is deleted; null never.</summary>
    public TimeSpan? Autokill { get; init; }

    /// <summary>Since when it has no instance; null while it has one, and of what goes with its last.</summary>
    public DateTimeOffset? EmptySince { get; init; }

    /// <summary>When it is deleted, unless it gets an instance. One that scales has none only until it has something to do.</summary>
    public DateTimeOffset? DiesAt => Autoscale is null && EmptySince is { } since && Autokill is { } after ? since + after : null;

    /// <summary>How it scales; null when it does not.</summary>
    public AutoscaleSettings? Autoscale { get; init; }

    /// <summary>When it last grew and shrank.</summary>
    public ScaleHistory ScaleHistory { get; init; }

    public required IReadOnlyList<PublishedPort> Ports { get; init; }

    /// <summary>Full domain names.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The certificates that were chosen for domains, and the automatic ones of those for which none was, by the domain.</summary>
    public ImmutableDictionary<string, Guid> Certificates { get; init => field = value ?? ImmutableDictionary<string, Guid>.Empty; } = ImmutableDictionary<string, Guid>.Empty;
}
