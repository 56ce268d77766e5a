using System.Net;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Routing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>
/// What one client says and hears. What it says to an instance that is awake goes there at once; else it is held, in order, until the instance is,
/// and what is too much is lost, as in any queue on the way. The gateway itself answers nothing: who sends may not be who the address says.
/// </summary>
internal sealed class UdpSession(UdpService service, Correspondent client, Passage passage) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _held = [];
    private readonly Answering _answering = new(service.Time);
    private readonly SocketAddress _remote = client.Remote.Serialize();
    private int _heldBytes;
    private int _unanswered;
    private bool _isSending;
    private bool _isOver;
    private UdpLink? _link;

    public Correspondent Client => client;

    /// <summary>When something was said in it; the service's.</summary>
    public long LastWord { get; set; }

    /// <summary>Whether less has been answered than said, and anything ever; whether the guest is about to answer the rest, nobody can see.</summary>
    public bool IsAwaited(TimeSpan patience) => Volatile.Read(ref _unanswered) > 0 && _answering.IsLikely(patience);

    /// <summary>Takes what the client says.</summary>
    public void Offer(ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            Interlocked.Increment(ref _unanswered);
            // The first, too: what waited for this process comes all at once, and would not find room behind it.
            if (!_isSending && Link(service.Route, tried: null, loss: null).Link is { } link && link.TrySend(datagram))
            {
                Sent(datagram.Length);
                return;
            }

            if (_held.Count >= service.Limits.Held || _heldBytes + datagram.Length > service.Limits.HeldBytes || !service.TryHold(datagram.Length))
            {
                passage.Fail(GatewayError.Dropped);
                return;
            }

            _held.Enqueue(datagram.ToArray());
            _heldBytes += datagram.Length;
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendHeldAsync();
    }

    public void Dispose()
    {
        UdpLink? link;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            (link, _link) = (_link, null);
            LetGo(GatewayError.Dropped);
        }

        link?.Dispose();
        passage.Dispose();
    }

    private async Task SendHeldAsync()
    {
        // Off the stack of the port, which hears others meanwhile.
        await Task.Yield();
        try
        {
            while (Next() is { } datagram)
            {
                if (await SendAsync(datagram) is { } loss)
                {
                    service.Report(loss.Reason);
                    lock (_gate)
                    {
                        // They have waited as long.
                        LetGo(loss.Error);
                    }
                }
                else
                {
                    Done(datagram);
                }
            }
        }
        catch (Exception exception)
        {
            // One that is for ever about to send is deaf. The client's next datagram begins another.
            service.Report(new WispError(ErrorCode.OperationFailed, $"A session of datagrams broke: {exception.Message}"));
            service.End(this);
        }
    }

    // Why it was lost, or null.
    private async Task<UdpLoss?> SendAsync(byte[] datagram)
    {
        List<RouteTarget>? tried = null;
        UdpLoss? loss = null;
        var from = service.Time.GetTimestamp();
        Route route;
        do
        {
            route = service.Route;
            var (link, none) = Link(route, tried, loss);
            if (link is null)
            {
                return none;
            }

            (var isSent, loss) = await link.SendAsync(datagram, service.Time);
            if (loss is not null)
            {
                Drop(link);
                (tried ??= []).Add(link.Target);
            }
            else if (isSent)
            {
                Sent(datagram.Length);
                return null;
            }
        }
        // Whoever has waited as long as it may does not wait for another.
        while (loss is not { Error: GatewayError.WakeTimeout } && service.Time.GetElapsedTime(from) < route.HoldDeadline);
        return loss;
    }

    // The way to the instance that it has, or another; or why there is none, or nothing when the session is over.
    private (UdpLink? Link, UdpLoss? Loss) Link(Route route, List<RouteTarget>? tried, UdpLoss? loss)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return (null, null);
            }

            if (_link is { } link && link.IsUsable(route))
            {
                return (link, null);
            }

            _link?.Dispose();
            _link = null;
            var entry = TargetSelector.Enter(route, tried);
            if (entry.Target is not { } target)
            {
                return (null, loss ?? new UdpLoss(GatewayPages.NoTarget(route, entry), GatewayErrors.OfNoTarget(entry)));
            }

            passage.To(target.Backend);
            return (_link = new UdpLink(route, target, Answer), null);
        }
    }

    private void Drop(UdpLink link)
    {
        lock (_gate)
        {
            _link = ReferenceEquals(_link, link) ? null : _link;
        }

        link.Dispose();
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            // It stays in the queue until it is sent: what comes meanwhile comes after it.
            _isSending = _held.TryPeek(out var next);
            return next;
        }
    }

    private void Done(byte[] datagram)
    {
        lock (_gate)
        {
            if (_held.TryPeek(out var first) && ReferenceEquals(first, datagram))
            {
                _held.Dequeue();
                _heldBytes -= datagram.Length;
                service.LetGo(datagram.Length);
            }
        }
    }

    // Under the gate.
    private void LetGo(GatewayError reason)
    {
        foreach (var _ in _held)
        {
            passage.Fail(reason);
        }

        service.LetGo(_heldBytes);
        _held.Clear();
        _heldBytes = 0;
    }

    private void Sent(int length)
    {
        service.Answering.Sent();
        _answering.Sent();
        passage.Receive(length);
    }

    private void Answer(ReadOnlySpan<byte> datagram)
    {
        service.Answering.Answered();
        _answering.Answered();
        if (Volatile.Read(ref _unanswered) > 0)
        {
            Interlocked.Decrement(ref _unanswered);
        }

        service.Touch(this);
        passage.Send(datagram.Length);
        service.Port.Send(_remote, client.Local, datagram);
    }
}
