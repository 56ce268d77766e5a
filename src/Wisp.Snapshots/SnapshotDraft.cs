using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots;

/// <summary>
/// A snapshot that is being made. Whoever makes it writes <see cref="MemoryPath"/> and <see cref="DevicesPath"/>, commits, writes down
/// that the snapshot is needed, and disposes. Disposing deletes what was not committed; until then nothing that it needs is collected.
/// </summary>
public sealed class SnapshotDraft : IAsyncDisposable
{
    private readonly SnapshotWriter _writer;
    private int _begun;
    private bool _committed;

    internal SnapshotDraft(Guid id, SnapshotKind kind, string directory, SnapshotWriter writer) => (Id, Kind, Directory, _writer) = (id, kind, directory, writer);

    /// <summary>The uuid that the snapshot will have.</summary>
    public Guid Id { get; }

    /// <summary>What it is made for.</summary>
    public SnapshotKind Kind { get; }

    /// <summary>Where it is written; a committed snapshot is elsewhere. Only its owner may enter.</summary>
    public string Directory { get; }

    /// <summary>Where the pages go, packed; an empty file when there are none.</summary>
    public string MemoryPath => Path.Combine(Directory, SnapshotFiles.Memory);

    /// <summary>Where the device state goes.</summary>
    public string DevicesPath => Path.Combine(Directory, SnapshotFiles.Devices);

    /// <summary>Writes the index and the manifest, sees everything to disk, and gives the snapshot its name. Once only.</summary>
    /// <param name="manifest">What is known; what its members call filled in is filled in.</param>
    /// <param name="extents">Where in guest RAM the pages of <see cref="MemoryPath"/> belong.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// The snapshot, which counts as verified; or <see cref="ErrorCode.NotFound"/> for a layer that is gone,
    /// <see cref="ErrorCode.CannotBeUsed"/> for one that is damaged, <see cref="ErrorCode.OperationFailed"/> when it cannot be written
    /// (help page <c>disk-full</c>). Then nothing is left of it.
    /// </returns>
    /// <exception cref="InvalidOperationException">The two files were not written, or it was committed before.</exception>
    /// <exception cref="ArgumentException">The extents are not what <see cref="MemoryLayerIndex"/> lets pass.</exception>
    public async Task<Result<Snapshot>> CommitAsync(SnapshotManifest manifest, IReadOnlyList<MemoryExtent> extents, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            throw new InvalidOperationException($"Draft {Id} is committed or disposed already.");
        }

        try
        {
            var written = await _writer.CommitAsync(this, manifest, extents, cancellation);
            _committed = written.IsSuccess;
            return written;
        }
        finally
        {
            if (!_committed)
            {
                _writer.Discard(this);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _begun, 1);
        if (!_committed)
        {
            _writer.Discard(this);
        }

        _writer.Release(this);
        return ValueTask.CompletedTask;
    }
}
