namespace Wisp.Platform.Autoscale;

/// <summary>All that a decision goes by.</summary>
/// <param name="Settings">How the group scales.</param>
/// <param name="Members">Its instances that serve, or will in a moment; not those that are going.</param>
/// <param name="History">What was done before.</param>
/// <param name="Now">The time.</param>
internal sealed record Situation(AutoscaleSettings Settings, IReadOnlyList<Member> Members, ScaleHistory History, DateTimeOffset Now)
{
    /// <summary>The load that an instance should have at most.</summary>
    public int SoftLimit { get; init; } = 1;

    /// <summary>True when a request has just found none free.</summary>
    public bool NoneFree { get; init; }

    /// <summary>Those that it made and that ended at once.</summary>
    public Crashes Crashes { get; init; }

    /// <summary>Instances whose requests a create policy has answered already.</summary>
    public IReadOnlySet<Guid> Answered { get; init; } = new HashSet<Guid>();
}
