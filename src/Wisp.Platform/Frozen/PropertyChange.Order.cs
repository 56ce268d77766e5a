using Wisp.Platform.Instances;

namespace Wisp.Platform.Frozen;

public abstract partial record PropertyChange
{
    /// <summary>Another share of the processors.</summary>
    public sealed record SetPriority(SchedulingPriority Priority) : PropertyChange;

    /// <summary>Other instances that are started before it.</summary>
    public sealed record SetDependencies(IReadOnlyList<ResourceRef> On) : PropertyChange;

    /// <summary>More of them.</summary>
    public sealed record AddDependencies(IReadOnlyList<ResourceRef> On) : PropertyChange;

    /// <summary>Fewer of them; null takes them all.</summary>
    public sealed record RemoveDependencies(IReadOnlyList<ResourceRef>? On) : PropertyChange;
}
