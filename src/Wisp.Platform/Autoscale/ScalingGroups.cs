using System.Collections.Concurrent;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Autoscale;

/// <summary>The groups that scale, as the data path and the loop share them.</summary>
internal sealed class ScalingGroups
{
    private readonly ConcurrentDictionary<Guid, ScalingGroup> _groups = new();

    /// <summary>Raised when there is something to decide.</summary>
    public StateSignal Look { get; } = new();

    /// <summary>A group; the same each time.</summary>
    public ScalingGroup Of(Guid group) => _groups.GetOrAdd(group, static (_, look) => new ScalingGroup(look), Look);

    /// <summary>Forgets groups that are not there any more.</summary>
    public void Keep(Func<Guid, bool> isThere)
    {
        foreach (var gone in _groups.Keys.Where(group => !isThere(group)))
        {
            _groups.TryRemove(gone, out _);
        }
    }
}
