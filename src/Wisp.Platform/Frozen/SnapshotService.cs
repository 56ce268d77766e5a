using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <inheritdoc cref="ISnapshotService"/>
internal sealed class SnapshotService(Catalogue catalogue, ISnapshotStore snapshots, Func<IReadOnlySet<Guid>> roots) : ISnapshotService
{
    /// <inheritdoc/>
    public CopyMethod CopiesBy => snapshots.CopiesBy;

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotView> List()
    {
        var above = snapshots.References();
        var users = Users();
        return [.. snapshots.List().Select(entry => View(entry, above, users))];
    }

    /// <inheritdoc/>
    public Result<SnapshotView> Find(Guid uuid) => snapshots.Find(uuid) is { } entry
        ? View(entry, snapshots.References(), Users())
        : new WispError(ErrorCode.NotFound, $"No snapshot with uuid '{uuid}'", "See them with 'wisp snapshots list'.");

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> CollectAsync(CancellationToken cancellation) => snapshots.CollectAsync(roots, cancellation);

    private static SnapshotView View(SnapshotEntry entry, IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> above, ILookup<Guid, string> users) =>
        new(entry, entry.Uuid is { } uuid ? above.GetValueOrDefault(uuid) ?? [] : [], entry.Uuid is { } named ? [.. users[named].Order(StringComparer.Ordinal)] : []);

    private ILookup<Guid, string> Users() =>
        catalogue.Instances.Values
            .SelectMany(instance => new[] { instance.Record.Origin, instance.Record.Hibernated }.OfType<Guid>().Distinct().Select(uuid => (uuid, Who: $"instance {instance.Record.Name}")))
            .Concat(catalogue.Frozen.Values.Where(frozen => frozen.Snapshot is not null).Select(frozen => (uuid: frozen.Snapshot!.Value, Who: $"{frozen.Kind.ToString().ToLowerInvariant()} {frozen.Name}")))
            .ToLookup(user => user.uuid, user => user.Who);
}
