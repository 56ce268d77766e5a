using Wisp.Platform.Instances;

namespace Wisp.Platform.Audit;

/// <summary>The last events of one account.</summary>
internal sealed class AuditRing : IAuditTrail
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 1000;

    /// <summary>How many about one other account: whoever makes tokens without end pushes out what was told of the own ones, and of nobody else.</summary>
    public const int KeptOfAnother = 50;

    /// <summary>How many may follow at once (platform API, "Audit stream").</summary>
    public const int MostFollowers = 64;

    private readonly Lock _gate = new();
    private readonly List<AuditEvent> _events = [];
    private readonly Dictionary<Guid, int> _ofOthers = [];
    private readonly int[] _sorts = new int[3];
    private readonly StateSignal _signal = new();
    private readonly List<AuditEvent> _toDelete = [];
    private readonly Dictionary<Guid, InstanceState> _states = [];
    private long _last;
    private long _written;
    private long _dropped;
    private int _followers;

    /// <inheritdoc/>
    public Task Next => _signal.Next;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _events.Count == 0;
            }
        }
    }

    /// <summary>Takes over one that was written by an earlier wispd.</summary>
    public void Load(AuditEvent written)
    {
        lock (_gate)
        {
            (_last, _written) = (written.Id, written.Id);
            IsNews(written);
            Put(written);
        }
    }

    /// <summary>Adds one; its id is the time in microseconds, or the next where the clock stands still.</summary>
    public void Add(AuditEvent happened)
    {
        lock (_gate)
        {
            if (!IsNews(happened))
            {
                return;
            }

            _last = Math.Max(_last + 1, happened.Time.ToUnixTimeMilliseconds() * 1000);
            Put(happened with { Id = _last });
        }

        _signal.Raise();
    }

    /// <inheritdoc/>
    public AuditPage After(long? id)
    {
        lock (_gate)
        {
            return id is { } from ? new AuditPage([.. _events.Where(happened => happened.Id > from)], from < _dropped, Math.Max(from, _last)) : new AuditPage([], false, _last);
        }
    }

    /// <inheritdoc/>
    public Result<IDisposable> Follow()
    {
        if (Interlocked.Increment(ref _followers) <= MostFollowers)
        {
            return new Follower(this);
        }

        Interlocked.Decrement(ref _followers);
        return new WispError(ErrorCode.TooMany, $"{MostFollowers} follow the audit stream already.", "End one of them first.");
    }

    /// <summary>What has to be written and deleted, so that the store has what is here.</summary>
    public (IReadOnlyList<AuditEvent> Put, IReadOnlyList<AuditEvent> Delete) Changes()
    {
        lock (_gate)
        {
            return ([.. _events.Where(happened => happened.Id > _written)], [.. _toDelete]);
        }
    }

    /// <summary>That was done.</summary>
    public void Done(IReadOnlyList<AuditEvent> put, IReadOnlyList<AuditEvent> deleted)
    {
        lock (_gate)
        {
            // More may have come behind them; noting waits for this, on the wake path too.
            _toDelete.RemoveRange(0, deleted.Count);
            if (put is [.., var last])
            {
                // Some may have been pushed out while they were being written.
                var kept = _events.Select(happened => happened.Id).ToHashSet();
                _toDelete.AddRange(put.Where(happened => !kept.Contains(happened.Id)));
                _written = last.Id;
            }
        }
    }

    // What was adopted comes to the state that was told before wispd was restarted.
    private bool IsNews(AuditEvent happened)
    {
        if (happened is not { Kind: AuditKind.StateChange, Uuid: { } uuid, State: { } state })
        {
            return true;
        }

        var isNews = !_states.TryGetValue(uuid, out var told) || told != state;
        if (state is InstanceState.Deleted or InstanceState.Template)
        {
            _states.Remove(uuid);
        }
        else
        {
            _states[uuid] = state;
        }

        return isNews;
    }

    // What instances do, what is done to the own user and tokens, and what is done to others: each comes as often as somebody likes.
    private static int SortOf(AuditEvent happened) =>
        happened.IsOfAnother ? 2
        : happened.Kind is AuditKind.UserCreated or AuditKind.UserLimited or AuditKind.UserDeleted or AuditKind.TokenCreated or AuditKind.TokenRevoked ? 1
        : 0;

    private void Put(AuditEvent happened)
    {
        _events.Add(happened);
        _sorts[SortOf(happened)]++;
        if (happened is { IsOfAnother: true, Uuid: { } other })
        {
            var count = _ofOthers[other] = _ofOthers.GetValueOrDefault(other) + 1;
            if (count > KeptOfAnother)
            {
                Drop(_events.FindIndex(old => old.IsOfAnother && old.Uuid == other));
            }
        }

        if (_events.Count > Kept)
        {
            // The sort of which there is most gives way, so that none pushes out the rare of another.
            var most = Array.IndexOf(_sorts, _sorts.Max());
            Drop(_events.FindIndex(old => SortOf(old) == most));
        }
    }

    private void Drop(int index)
    {
        var oldest = _events[index];
        _events.RemoveAt(index);
        _sorts[SortOf(oldest)]--;
        _dropped = Math.Max(_dropped, oldest.Id);
        if (oldest is { IsOfAnother: true, Uuid: { } other } && --_ofOthers[other] == 0)
        {
            _ofOthers.Remove(other);
        }

        if (oldest.Id <= _written)
        {
            _toDelete.Add(oldest);
        }
    }

    private sealed class Follower(AuditRing ring) : IDisposable
    {
        private int _gone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
            {
                Interlocked.Decrement(ref ring._followers);
            }
        }
    }
}
