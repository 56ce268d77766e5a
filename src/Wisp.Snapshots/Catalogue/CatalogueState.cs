using System.Collections.Immutable;

namespace Wisp.Snapshots.Catalogue;

/// <summary>The store at one moment.</summary>
/// <param name="Records">Everything that has a uuid.</param>
/// <param name="Drafts">What is being made, with what each one lies on.</param>
internal sealed record CatalogueState(ImmutableDictionary<Guid, SnapshotRecord> Records, ImmutableDictionary<Guid, ImmutableArray<Guid>> Drafts)
{
    public static readonly CatalogueState Empty = new(ImmutableDictionary<Guid, SnapshotRecord>.Empty, ImmutableDictionary<Guid, ImmutableArray<Guid>>.Empty);

    /// <summary>Some snapshots, and what they lie on.</summary>
    public HashSet<Guid> WithLayers(IEnumerable<Guid> uuids)
    {
        var all = new HashSet<Guid>();
        foreach (var uuid in uuids)
        {
            all.Add(uuid);
            // A record has all its layers, down to the lowest.
            all.UnionWith(Records.GetValueOrDefault(uuid)?.Layers ?? []);
        }

        return all;
    }

    /// <summary>What drafts are or lie on.</summary>
    public IEnumerable<Guid> Held => Drafts.SelectMany(draft => draft.Value.Append(draft.Key));

    /// <summary>Those that lie on a snapshot, and drafts that will.</summary>
    public IEnumerable<Guid> Above(Guid uuid) =>
        Records.Where(record => record.Value.Layers.Contains(uuid)).Select(record => record.Key)
            .Union(Drafts.Where(draft => draft.Value.Contains(uuid)).Select(draft => draft.Key));

    /// <summary>The record as callers see it.</summary>
    public SnapshotEntry Describe(SnapshotRecord record)
    {
        var problem = record.Problem;
        var shared = 0L;
        foreach (var layer in record.Manifest is null ? [] : record.Layers)
        {
            var below = Records.GetValueOrDefault(layer);
            shared += below?.MemoryFileBytes ?? 0;
            problem ??= below is null ? SnapshotErrors.MissingLayer(record.Manifest!.Uuid, layer) : below.Problem;
        }

        return new SnapshotEntry(record.Name, record.Manifest, record.OwnBytes, shared, record.LastUsedAt, problem);
    }
}
