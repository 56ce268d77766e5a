using Microsoft.Extensions.Logging;
using Wisp.Snapshots.Catalogue;
using Wisp.Snapshots.Files;
using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots;

/// <summary>
/// Snapshots as directories named by their uuid. One is written under another name and renamed when all of it is on disk, so a torn
/// one never has its name; what has one and is not whole was damaged afterwards.
/// </summary>
public sealed class SnapshotStore : ISnapshotStore
{
    /// <summary>Layers that a snapshot has at most, its own included; where it would have more, they are folded.</summary>
    public const int MaximumDepth = 8;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;
    private readonly IReadOnlyList<SnapshotRecord> _foreign;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SnapshotCatalogue _catalogue;
    private readonly SnapshotVerifier _verifier;
    private readonly SnapshotRemover _remover;
    private readonly SnapshotWriter _writer;

    private SnapshotStore(string root, SnapshotCatalogue catalogue, IReadOnlyList<SnapshotRecord> foreign, TimeProvider time, ILogger logger)
    {
        var files = new VerifiedFiles();
        (_root, _catalogue, _foreign, _time, _logger) = (root, catalogue, foreign, time, logger);
        CopiesBy = FilesystemCopy.Describe(root);
        _verifier = new SnapshotVerifier(catalogue, files);
        _remover = new SnapshotRemover(root, catalogue, files, logger);
        _writer = new SnapshotWriter(root, CopiesBy, catalogue, _verifier, files, time, logger);
    }

    /// <inheritdoc/>
    public CopyMethod CopiesBy { get; }

    /// <summary>Opens a store, making it where there is none, and deletes what was never finished.</summary>
    /// <param name="directory">The store; only one process may have it open.</param>
    /// <param name="time">Clock for when snapshots were made and used.</param>
    /// <param name="logger">Says what was found damaged and what was deleted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The store, whatever is in it; or why the directory cannot be used.</returns>
    public static async Task<Result<SnapshotStore>> OpenAsync(string directory, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            directory = Path.GetFullPath(directory);
            // It holds what guests had in memory.
            Directory.CreateDirectory(directory, OwnerOnly);
            Posix.FlushDirectory(Path.GetDirectoryName(directory) ?? directory);
            return await Task.Run(() => Open(directory, time, logger, cancellation), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SnapshotErrors.CannotWrite(directory, exception);
        }
    }

    /// <inheritdoc/>
    public Result<SnapshotDraft> Begin(SnapshotKind kind, IReadOnlyList<Guid>? layers = null)
    {
        var id = Guid.NewGuid();
        if (_writer.Hold(id, layers ?? []).Failed(out var error))
        {
            return error;
        }

        var directory = Path.Combine(_root, SnapshotFiles.Unfinished + id);
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            return new SnapshotDraft(id, kind, directory, _writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _catalogue.Release(id);
            return SnapshotErrors.CannotWrite(directory, exception);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotEntry> List()
    {
        var state = _catalogue.State;
        return [.. state.Records.Values.Concat(_foreign).Select(state.Describe).OrderByDescending(entry => entry.Manifest?.CreatedAt ?? entry.LastUsedAt)];
    }

    /// <inheritdoc/>
    public SnapshotEntry? Find(Guid uuid) => _catalogue.State is var state && state.Records.TryGetValue(uuid, out var record) ? state.Describe(record) : null;

    /// <inheritdoc/>
    public SnapshotEntry? FindByKey(string key)
    {
        var state = _catalogue.State;
        return state.Records.Values.Where(record => record.Manifest?.Key == key)
            .OrderByDescending(record => record.Manifest!.CreatedAt)
            .Select(state.Describe)
            .FirstOrDefault(entry => entry.Problem is null);
    }

    /// <inheritdoc/>
    public async Task<Result<Snapshot>> OpenAsync(Guid uuid, Compatibility? wanted, CancellationToken cancellation)
    {
        var opened = await _verifier.OpenAsync(uuid, wanted, cancellation);
        if (opened.IsSuccess)
        {
            Touch(uuid);
        }

        return opened;
    }

    /// <inheritdoc/>
    public void Touch(Guid uuid)
    {
        if (_catalogue.State.Records.GetValueOrDefault(uuid) is not { } record)
        {
            return;
        }

        var now = _time.GetUtcNow();
        record.LastUsedAt = now;
        try
        {
            // For the next process. Names in it do not change once it is committed, so nothing else sets this.
            Directory.SetLastWriteTimeUtc(record.Directory, now.UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.NotTouched(uuid, exception.Message);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> References()
    {
        var state = _catalogue.State;
        var above = state.Records.Keys.ToDictionary(uuid => uuid, _ => new List<Guid>());
        foreach (var (uuid, record) in state.Records)
        {
            foreach (var layer in record.Layers)
            {
                above.GetValueOrDefault(layer)?.Add(uuid);
            }
        }

        return above.ToDictionary(pair => pair.Key, IReadOnlyList<Guid> (pair) => pair.Value);
    }

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> DeleteAsync(Guid uuid) => _remover.DeleteAsync(uuid);

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> CollectAsync(Func<IReadOnlySet<Guid>> roots, CancellationToken cancellation) => _remover.CollectAsync(roots, cancellation);

    /// <inheritdoc/>
    public Task<Result<SnapshotRemoval>> TrimBootsAsync(long budgetBytes, Func<IReadOnlySet<Guid>> pinned, CancellationToken cancellation) =>
        _remover.TrimBootsAsync(budgetBytes, pinned, cancellation);

    private static SnapshotStore Open(string root, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var catalogue = new SnapshotCatalogue();
        var foreign = new List<SnapshotRecord>();
        foreach (var path in Directory.EnumerateFileSystemEntries(root))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Leftovers.Is(Path.GetFileName(path)))
            {
                logger.Swept(path);
                Leftovers.Delete(path, logger);
                continue;
            }

            var record = SnapshotReader.Read(path);
            if (record.Problem is { } problem)
            {
                logger.Unusable(problem);
            }

            if (SnapshotFiles.UuidOf(record.Name) is { } uuid)
            {
                catalogue.Put(uuid, record);
            }
            else
            {
                foreign.Add(record);
            }
        }

        return new SnapshotStore(root, catalogue, foreign, time, logger);
    }
}
