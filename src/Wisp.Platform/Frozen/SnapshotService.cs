using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <inheritdoc cref="ISnapshotService"/>
/// <param name="catalogue">Who needs them.</param>
/// <param name="account">Only what this account needs is there; null for all that the node has.</param>
/// <param name="snapshots">The files.</param>
/// <param name="roots">What is needed.</param>
internal sealed class SnapshotService(Catalogue catalogue, Guid? account, ISnapshotStore snapshots, Func<IReadOnlySet<Guid>> roots) : ISnapshotService
{
    /// <inheritdoc/>
    public CopyMethod CopiesBy => snapshots.CopiesBy;

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotView> List()
    {
        var above = snapshots.References();
        var users = Users();
        return [.. snapshots.List().Where(entry => IsSeen(entry, users)).Select(entry => View(entry, above, users))];
    }

    /// <inheritdoc/>
    public Result<SnapshotView> Find(Guid uuid) => Users() is var users && snapshots.Find(uuid) is { } entry && IsSeen(entry, users)
        ? View(entry, snapshots.References(), users)
        : new WispError(ErrorCode.NotFound, $"No snapshot with uuid '{uuid}'", "See them with 'wisp snapshots list'.");

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> CollectAsync(CancellationToken cancellation) => snapshots.CollectAsync(roots, cancellation);

    private bool IsSeen(SnapshotEntry entry, ILookup<Guid, string> users) => account is null || entry.Uuid is { } uuid && users.Contains(uuid);

    private SnapshotView View(SnapshotEntry entry, IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> above, ILookup<Guid, string> users) =>
        new(entry, entry.Uuid is { } uuid ? [.. (above.GetValueOrDefault(uuid) ?? []).Where(upper => account is null || users.Contains(upper))] : [], entry.Uuid is { } named ? [.. users[named].Order(StringComparer.Ordinal)] : []);

    private ILookup<Guid, string> Users() =>
        catalogue.Instances.Values
            .Where(instance => account is null || instance.Record.Account == account)
            .SelectMany(instance => new[] { instance.Record.Origin, instance.Record.Hibernated }.OfType<Guid>().Distinct().Select(uuid => (uuid, Who: $"instance {instance.Record.Name}")))
            .Concat(catalogue.Frozen.Values.Where(frozen => frozen.Snapshot is not null && (account is null || frozen.Account == account)).Select(frozen => (uuid: frozen.Snapshot!.Value, Who: $"{frozen.Kind.ToString().ToLowerInvariant()} {frozen.Name}")))
            .ToLookup(user => user.uuid, user => user.Who);
}
