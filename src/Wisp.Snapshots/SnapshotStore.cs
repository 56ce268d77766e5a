using Microsoft.Extensions.Logging;

namespace Wisp.Snapshots;

/// <summary>Snapshots as directories named by their uuid.</summary>
public sealed class SnapshotStore : ISnapshotStore
{
    private SnapshotStore() { }

    /// <inheritdoc/>
    public CopyMethod CopiesBy => throw new NotSupportedException();

    /// <summary>Opens a store, making it where there is none, and deletes what was never finished.</summary>
    /// <param name="directory">The store; only one process may have it open.</param>
    /// <param name="time">Clock for when snapshots were made and used.</param>
    /// <param name="logger">Says what was found damaged and what was deleted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The store, whatever is in it; or why the directory cannot be used.</returns>
    public static Task<Result<SnapshotStore>> OpenAsync(string directory, TimeProvider time, ILogger logger, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Result<SnapshotDraft> Begin(SnapshotKind kind, IReadOnlyList<Guid>? layers = null) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotEntry> List() => throw new NotSupportedException();

    /// <inheritdoc/>
    public SnapshotEntry? Find(Guid uuid) => throw new NotSupportedException();

    /// <inheritdoc/>
    public SnapshotEntry? FindByKey(string key) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Result<Snapshot>> OpenAsync(Guid uuid, Compatibility? wanted, CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Touch(Guid uuid) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> References() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> DeleteAsync(Guid uuid, CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> CollectAsync(Func<IReadOnlySet<Guid>> roots, CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> TrimBootsAsync(long budgetBytes, Func<IReadOnlySet<Guid>> pinned, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
