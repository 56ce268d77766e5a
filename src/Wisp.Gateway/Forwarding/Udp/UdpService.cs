using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>A UDP port of a service: a session for each client, as long as something is said in it.</summary>
internal sealed class UdpService : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Correspondent, LinkedListNode<UdpSession>> _sessions = [];
    // Those that were silent longest first.
    private readonly LinkedList<UdpSession> _byLastWord = [];
    private readonly UdpBudget _budget;
    private readonly Refusals _refusals;
    private readonly Observer _observer;
    private readonly ITimer _expiry;
    private Route _route;
    private long _heldBytes;

    public UdpService(UdpPort port, Route route, UdpLimits limits, UdpBudget budget, TimeProvider time, Refusals refusals, Observer observer, Task admitted)
    {
        (Port, _route, Limits, _budget, Time, _refusals, _observer) = (port, route, limits, budget, time, refusals, observer);
        (Tenant, Answering) = (route.Tenant, new Answering(time));
        _expiry = time.CreateTimer(static service => ((UdpService)service!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        port.Hear(Hear, admitted);
    }

    public UdpPort Port { get; }

    /// <summary>Whose it is.</summary>
    public Guid Tenant { get; }

    public UdpLimits Limits { get; }

    public TimeProvider Time { get; }

    /// <summary>The route of this moment.</summary>
    public Route Route
    {
        get => Volatile.Read(ref _route);
        set => Volatile.Write(ref _route, value);
    }

    /// <summary>Whether there is any answer to what is said.</summary>
    public Answering Answering { get; }

    /// <summary>Whether something was said so lately, or is held still, that its answer may be under way. Where none ever came, none is.</summary>
    public bool IsAwaited(TimeSpan lately)
    {
        lock (_gate)
        {
            return Interlocked.Read(ref _heldBytes) > 0
                || (Answering.IsLikely(lately)
                    && _byLastWord.Reverse().TakeWhile(session => Time.GetElapsedTime(session.LastWord) < lately).Any(session => session.IsAwaited(lately)));
        }
    }

    /// <summary>How many sessions there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Something is said in a session.</summary>
    public void Touch(UdpSession session)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(session.Client, out var node) && ReferenceEquals(node.Value, session))
            {
                Touch(node);
            }
        }
    }

    /// <summary>Ends a session, if it is not over yet.</summary>
    public void End(UdpSession session)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session.Client, out var node) || !ReferenceEquals(node.Value, session))
            {
                return;
            }

            _byLastWord.Remove(node);
            _sessions.Remove(session.Client);
        }

        LetGo(session);
    }

    /// <summary>Makes room for a datagram that is held; false when there is none.</summary>
    public bool TryHold(int bytes)
    {
        if (Interlocked.Add(ref _heldBytes, bytes) <= Limits.HeldBytesOfAll)
        {
            return true;
        }

        LetGo(bytes);
        return false;
    }

    /// <summary>It is held no more.</summary>
    public void LetGo(int bytes) => Interlocked.Add(ref _heldBytes, -bytes);

    /// <summary>Says in the log why datagrams were lost. The client is told nothing.</summary>
    public void Report(WispError reason) => _refusals.Report(Route.ServiceName, reason);

    public async ValueTask DisposeAsync()
    {
        await Port.DisposeAsync();
        await _expiry.DisposeAsync();
        UdpSession[] all;
        lock (_gate)
        {
            all = [.. _byLastWord];
            _byLastWord.Clear();
            _sessions.Clear();
        }

        Array.ForEach(all, LetGo);
    }

    private void Hear(Correspondent from, ReadOnlySpan<byte> datagram)
    {
        if (Find(from) is not { } session)
        {
            if (Count >= Limits.Sessions)
            {
                EndOldest();
            }

            _budget.Take(this)?.EndOldest();
            session = Begin(from);
        }

        session.Offer(datagram);
    }

    private UdpSession? Find(Correspondent from)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(from, out var node))
            {
                return null;
            }

            Touch(node);
            return node.Value;
        }
    }

    private UdpSession Begin(Correspondent from)
    {
        var session = new UdpSession(this, from, _observer.Begin(from.Remote, Route));
        lock (_gate)
        {
            session.LastWord = Time.GetTimestamp();
            _sessions.Add(from, _byLastWord.AddLast(session));
            if (_sessions.Count == 1)
            {
                _expiry.Change(Limits.Idle, Timeout.InfiniteTimeSpan);
            }
        }

        return session;
    }

    private void EndOldest()
    {
        UdpSession? oldest;
        lock (_gate)
        {
            oldest = _sessions.Count > 0 ? RemoveFirst() : null;
        }

        if (oldest is not null)
        {
            LetGo(oldest);
        }
    }

    // One that is in no list any more.
    private void LetGo(UdpSession session)
    {
        session.Dispose();
        _budget.Give(this);
    }

    private void Touch(LinkedListNode<UdpSession> node)
    {
        node.Value.LastWord = Time.GetTimestamp();
        _byLastWord.Remove(node);
        _byLastWord.AddLast(node);
    }

    private void Expire()
    {
        var expired = new List<UdpSession>();
        lock (_gate)
        {
            while (_byLastWord.First is { Value: var oldest })
            {
                var left = Limits.Idle - Time.GetElapsedTime(oldest.LastWord);
                if (left > TimeSpan.Zero)
                {
                    // A timer may come a moment early.
                    _expiry.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    break;
                }

                expired.Add(RemoveFirst());
            }
        }

        expired.ForEach(LetGo);
    }

    private UdpSession RemoveFirst()
    {
        var session = _byLastWord.First!.Value;
        _byLastWord.RemoveFirst();
        _sessions.Remove(session.Client);
        return session;
    }
}
