using Wisp.Gateway.Listening;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>A UDP port of a service: a session for each client, as long as something is said in it.</summary>
internal sealed class UdpService : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Correspondent, LinkedListNode<UdpSession>> _sessions = [];
    // Those that were silent longest first.
    private readonly LinkedList<UdpSession> _byLastWord = [];
    private readonly Refusals _refusals;
    private readonly ITimer _expiry;
    private Route _route;
    private long _heldBytes;

    public UdpService(UdpPort port, Route route, UdpLimits limits, TimeProvider time, Refusals refusals)
    {
        (Port, _route, Limits, Time, _refusals) = (port, route, limits, time, refusals);
        _expiry = time.CreateTimer(static service => ((UdpService)service!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        port.Hear(Hear);
    }

    public UdpPort Port { get; }

    public UdpLimits Limits { get; }

    public TimeProvider Time { get; }

    /// <summary>The route of this moment.</summary>
    public Route Route
    {
        get => Volatile.Read(ref _route);
        set => Volatile.Write(ref _route, value);
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

        foreach (var session in all)
        {
            session.Dispose();
        }
    }

    private void Hear(Correspondent from, ReadOnlySpan<byte> datagram)
    {
        UdpSession session;
        UdpSession? surplus = null;
        lock (_gate)
        {
            if (_sessions.TryGetValue(from, out var node))
            {
                Touch(node);
            }
            else
            {
                surplus = _sessions.Count >= Limits.Sessions ? RemoveFirst() : null;
                node = _byLastWord.AddLast(new UdpSession(this, from) { LastWord = Time.GetTimestamp() });
                _sessions.Add(from, node);
                if (_sessions.Count == 1)
                {
                    _expiry.Change(Limits.Idle, Timeout.InfiniteTimeSpan);
                }
            }

            session = node.Value;
        }

        surplus?.Dispose();
        session.Offer(datagram);
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

        expired.ForEach(session => session.Dispose());
    }

    private UdpSession RemoveFirst()
    {
        var session = _byLastWord.First!.Value;
        _byLastWord.RemoveFirst();
        _sessions.Remove(session.Client);
        return session;
    }
}
