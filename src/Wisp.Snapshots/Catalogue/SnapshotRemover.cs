using Microsoft.Extensions.Logging;
using Wisp.Snapshots.Files;

namespace Wisp.Snapshots.Catalogue;

/// <summary>Deletes snapshots that nobody needs.</summary>
internal sealed class SnapshotRemover(string root, SnapshotCatalogue catalogue, VerifiedFiles files, ILogger logger)
{
    public async Task<Result<SnapshotRemoval>> DeleteAsync(Guid uuid)
    {
        WispError? refusal = null;
        var taken = catalogue.Take(state =>
        {
            var above = state.Above(uuid).ToList();
            refusal = !state.Records.ContainsKey(uuid) ? SnapshotErrors.NotFound(uuid) : above.Count > 0 ? SnapshotErrors.Needed(uuid, above) : null;
            return refusal is null ? [uuid] : [];
        });
        return refusal ?? await RemoveAsync(taken, CancellationToken.None);
    }

    public Task<Result<SnapshotRemoval>> CollectAsync(Func<IReadOnlySet<Guid>> roots, CancellationToken cancellation)
    {
        // In this order: what is committed after it is not looked at; what was committed before is held, or its maker has written down
        // that it is needed, which the roots then say.
        var seen = catalogue.State;
        var needed = roots();
        return RemoveAsync(
            catalogue.Take(state =>
            {
                var kept = state.WithLayers([
                    .. needed, .. seen.Held, .. state.Held,
                    .. state.Records.Where(record => IsKept(record.Value) || !seen.Records.ContainsKey(record.Key)).Select(record => record.Key),
                ]);
                return [.. state.Records.Keys.Where(uuid => !kept.Contains(uuid))];
            }),
            cancellation);
    }

    public Task<Result<SnapshotRemoval>> TrimBootsAsync(long budget, Func<IReadOnlySet<Guid>> pinned, CancellationToken cancellation)
    {
        var seen = catalogue.State;
        var needed = pinned();
        return RemoveAsync(
            catalogue.Take(state =>
            {
                var boots = state.Records.Where(record => record.Value.Manifest?.Kind == SnapshotKind.Boot).ToList();
                var total = boots.Sum(boot => boot.Value.OwnBytes);
                var kept = state.WithLayers([.. needed, .. seen.Held, .. state.Held]);
                kept.UnionWith(state.Records.Values.SelectMany(record => record.Layers));
                var chosen = new List<Guid>();
                foreach (var (uuid, boot) in boots.Where(boot => seen.Records.ContainsKey(boot.Key) && !kept.Contains(boot.Key)).OrderBy(boot => boot.Value.LastUsedAt))
                {
                    if (total <= budget)
                    {
                        break;
                    }

                    total -= boot.OwnBytes;
                    chosen.Add(uuid);
                }

                return chosen;
            }),
            cancellation);
    }

    // A boot snapshot is kept for the next start; what is damaged or from a newer Wisp is not ours to judge.
    private static bool IsKept(SnapshotRecord record) => record.Manifest is null or { Kind: SnapshotKind.Boot };

    private async Task<Result<SnapshotRemoval>> RemoveAsync(IReadOnlyList<SnapshotRecord> records, CancellationToken cancellation)
    {
        var deleted = new List<Guid>();
        var freed = 0L;
        WispError? failure = null;
        // The uppermost first: if this ends early, nothing is left that lies on what is gone.
        foreach (var record in records.OrderByDescending(record => record.Layers.Count))
        {
            var uuid = Guid.Parse(record.Name);
            // One that something still lies on, because that could not be deleted, stays.
            if (cancellation.IsCancellationRequested || failure is not null)
            {
                catalogue.Put(uuid, record);
                continue;
            }

            if ((await Task.Run(() => Remove(record), CancellationToken.None)).Failed(out failure))
            {
                catalogue.Put(uuid, record);
                continue;
            }

            files.Forget(record.Directory);
            deleted.Add(uuid);
            freed += record.OwnBytes;
            logger.Deleted(uuid, record.OwnBytes);
        }

        return failure is not null ? failure : new SnapshotRemoval(deleted, freed);
    }

    private Result Remove(SnapshotRecord record)
    {
        // Renamed first: half a snapshot must never have its name.
        var gone = Path.Combine(root, SnapshotFiles.Deleted + record.Name);
        try
        {
            Directory.Move(record.Directory, gone);
        }
        catch (DirectoryNotFoundException)
        {
            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SnapshotErrors.CannotWrite(record.Directory, exception);
        }

        Leftovers.Delete(gone, logger);
        return Result.Success;
    }
}
