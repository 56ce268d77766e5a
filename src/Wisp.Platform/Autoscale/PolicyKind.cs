namespace Wisp.Platform.Autoscale;

/// <summary>What a policy goes by.</summary>
public enum PolicyKind
{
    /// <summary>A metric, and what follows from where it is.</summary>
    Step,
    /// <summary>A request that finds no instance free.</summary>
    OnDemand,
    /// <summary>The number of requests that one instance has served.</summary>
    Create,
    /// <summary>The time for which an instance has had nothing to do.</summary>
    Idle,
}
