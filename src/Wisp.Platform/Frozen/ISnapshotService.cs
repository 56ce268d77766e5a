using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <summary>The files of frozen machines, for people who wonder where their disk went. Thread-safe.</summary>
public interface ISnapshotService
{
    /// <summary>How the filesystem copies pages: sharing them, or taking room for them.</summary>
    CopyMethod CopiesBy { get; }

    /// <summary>All of them, newest first, what is damaged or foreign among them.</summary>
    IReadOnlyList<SnapshotView> List();

    /// <summary>One; <see cref="ErrorCode.NotFound"/>.</summary>
    Result<SnapshotView> Find(Guid uuid);

    /// <summary>Deletes what nothing needs.</summary>
    Task<Result<SnapshotRemoval>> CollectAsync(CancellationToken cancellation);
}
