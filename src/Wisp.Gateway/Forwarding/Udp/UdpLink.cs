using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>A session's way to an instance: its place there, which counts against the limits, and a socket that is the client to the guest.</summary>
internal sealed class UdpLink : IDisposable
{
    // How many datagrams of a guest are passed on before others have their turn.
    private const int OfATurn = 64;

    private readonly Action<ReadOnlySpan<byte>> _answer;
    private readonly CancellationTokenRegistration _ended;
    private Socket? _guest;
    private Route _route;
    private int _isOver;

    /// <summary>Opens one. Only for who has entered the backend; the place is the link's from here on.</summary>
    public UdpLink(Route route, RouteTarget target, Action<ReadOnlySpan<byte>> answer)
    {
        (_route, Target, _answer) = (route, target, answer);
        // Nobody says when a conversation of datagrams is over. So a session keeps its instance awake as a connection does that may be silent:
        // by what is said in it, whatever the policy; between two datagrams that are a cooldown apart the instance sleeps.
        target.Backend.Park(null);
        _ended = target.Backend.MachineEnded.Register(Dispose);
    }

    public RouteTarget Target { get; }

    /// <summary>False when the next datagram of the client needs another.</summary>
    public bool IsUsable(Route route)
    {
        if (Volatile.Read(ref _isOver) != 0 || Target.Backend.State == BackendState.Gone)
        {
            return false;
        }

        if (!ReferenceEquals(route, _route))
        {
            if (!route.Targets.Contains(Target))
            {
                return false;
            }

            _route = route;
        }

        return true;
    }

    /// <summary>Sends a datagram if the instance is awake.</summary>
    /// <returns>False when it is not, and nothing was sent.</returns>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        var awake = Target.Backend.Stir();
        try
        {
            return awake && Send(datagram) is { IsSuccess: true, Value: true };
        }
        finally
        {
            Target.Backend.Settle();
        }
    }

    /// <summary>Sends a datagram once the instance is awake.</summary>
    /// <returns>Whether it was sent; it was not where the link is over, or the instance cannot be woken or reached.</returns>
    public async Task<(bool IsSent, UdpLoss? Loss)> SendAsync(byte[] datagram, TimeProvider time)
    {
        var awake = Target.Backend.Stir();
        try
        {
            if (!awake && (await WakeGate.PassAsync(Target.Backend, _route, time, CancellationToken.None)).Failed(out var error, out _))
            {
                return (false, new UdpLoss(error, GatewayErrors.OfWake(error)));
            }

            return Send(datagram).Failed(out var reason, out var isSent) ? (false, new UdpLoss(reason, GatewayError.Unreachable)) : (isSent, null);
        }
        finally
        {
            Target.Backend.Settle();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _ended.Unregister();
            Volatile.Read(ref _guest)?.Dispose();
            Target.Backend.LeaveParked();
        }
    }

    private Result<bool> Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            // Not before it is awake: while it sleeps on disk no way leads to it, and the socket would be at home elsewhere.
            var guest = _guest ?? Connect();
            guest.Send(datagram, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                // It tells of an earlier one that did not arrive (ICMP), and this one was not sent. Once more; then it is lost, as datagrams are.
                guest.Send(datagram, SocketFlags.None, out _);
            }

            return true;
        }
        catch (SocketException exception)
        {
            return GatewayPages.NotAccepted(_route, Target, exception);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private Socket Connect()
    {
        var guest = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            guest.Connect(new IPEndPoint(Target.Backend.Address, Target.Port));
        }
        catch (SocketException)
        {
            guest.Dispose();
            throw;
        }

        // Seen by who ends the link, or sees that it is over.
        Interlocked.Exchange(ref _guest, guest);
        if (Volatile.Read(ref _isOver) != 0)
        {
            guest.Dispose();
        }

        _ = ListenAsync(guest);
        return guest;
    }

    // What a guest has said is on this side already, and needs no wake.
    private async Task ListenAsync(Socket guest)
    {
        while (Volatile.Read(ref _isOver) == 0)
        {
            try
            {
                // Nothing is held while nothing is said: there may be thousands of these.
                await guest.ReceiveAsync(Memory<byte>.Empty);
                if (!Answer(guest))
                {
                    // Others have their turn.
                    await Task.Yield();
                }
            }
            catch (SocketException)
            {
                // Nobody listens in the guest (ICMP): it may yet.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    // False when there may be more.
    private bool Answer(Socket guest)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            for (var i = 0; i < OfATurn; i++)
            {
                var length = guest.Receive(buffer, 0, ushort.MaxValue, SocketFlags.None, out var error);
                if (error != SocketError.Success)
                {
                    return true;
                }

                Target.Backend.Stir();
                _answer(buffer.AsSpan(0, length));
                Target.Backend.Settle();
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
