using System.Collections.Immutable;

namespace Wisp.Platform;

/// <summary>Which snapshots this node needs. Thread-safe.</summary>
internal sealed class SnapshotRoots(Catalogue catalogue)
{
    private ImmutableList<Func<IEnumerable<Guid>>> _others = [];

    /// <summary>Adds those that others need (templates, checkpoints). It is asked each time.</summary>
    public void Add(Func<IEnumerable<Guid>> needed) => ImmutableInterlocked.Update(ref _others, others => others.Add(needed));

    /// <summary>All of them, as of now.</summary>
    public IReadOnlySet<Guid> All() => new HashSet<Guid>(
        catalogue.Instances.Values.SelectMany(instance => instance.NeededSnapshots).Concat(Volatile.Read(ref _others).SelectMany(needed => needed())));
}
