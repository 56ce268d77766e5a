using Microsoft.Extensions.Logging;
using Wisp.Snapshots;

namespace Wisp.Platform;

/// <summary>Deletes the snapshots that nothing needs any more.</summary>
internal sealed class SnapshotGarbage(ISnapshotStore snapshots, SnapshotRoots roots, ILogger logger)
{
    /// <summary>All of them.</summary>
    public async Task CollectAsync(CancellationToken cancellation)
    {
        if ((await snapshots.CollectAsync(roots.All, cancellation)).Failed(out var error, out _))
        {
            logger.NotCollected(error);
        }
    }

    /// <summary>One that its owner does not need any more, damaged or not. Where something else needs it, it stays until that is gone.</summary>
    public async Task DropAsync(Guid snapshot)
    {
        if (!roots.All().Contains(snapshot)
            && (await snapshots.DeleteAsync(snapshot)).Failed(out var error, out _)
            && error.Code is not (ErrorCode.NotFound or ErrorCode.Attached))
        {
            logger.NotDeleted(snapshot, error);
        }
    }
}
