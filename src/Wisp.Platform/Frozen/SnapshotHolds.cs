namespace Wisp.Platform.Frozen;

/// <summary>Snapshots that somebody is about to refer to, and that must not be deleted until that is written down. Thread-safe.</summary>
internal sealed class SnapshotHolds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _held = [];

    /// <summary>All of them, as of now.</summary>
    public IReadOnlyList<Guid> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _held.Keys];
            }
        }
    }

    /// <summary>Holds one until what is returned is disposed.</summary>
    public IAsyncDisposable Take(Guid snapshot)
    {
        lock (_gate)
        {
            _held[snapshot] = _held.GetValueOrDefault(snapshot) + 1;
        }

        return new Hold(this, snapshot);
    }

    private void Release(Guid snapshot)
    {
        lock (_gate)
        {
            if (--_held[snapshot] == 0)
            {
                _held.Remove(snapshot);
            }
        }
    }

    private sealed class Hold(SnapshotHolds holds, Guid snapshot) : IAsyncDisposable
    {
        private int _released;

        public ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                holds.Release(snapshot);
            }

            return ValueTask.CompletedTask;
        }
    }
}
