using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway.Observing;

/// <summary>
/// What goes through the gateway for one service, counted since this process started. Written by every request and connection, without a
/// lock; outlives the routes that it is counted on.
/// </summary>
public sealed class ServiceTraffic
{
    private const int Classes = 5;

    private readonly long[] _statuses = new long[Classes];
    private readonly long[] _errors = new long[Enum.GetValues<GatewayError>().Length];
    private long _connections;
    private long _received;
    private long _sent;
    private int _inFlight;
    private int _held;

    /// <summary>Of nothing so far.</summary>
    public ServiceTraffic() => Transformer = new GatewayTransformer(this, null);

    /// <summary>Requests that are over, by the first digit of their status, 1 to 5.</summary>
    public IReadOnlyList<long> Statuses => [.. _statuses.Select((_, index) => Volatile.Read(ref _statuses[index]))];

    /// <summary>Connections without HTTP and sessions of datagrams, those that are open included.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Requests and connections that are open, held ones included.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>What waits for an instance to wake.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How long those waited that had to, also those that gave up.</summary>
    public Latencies Holds { get; } = new();

    /// <summary>How long the wakes took that they caused.</summary>
    public Latencies Wakes { get; } = new();

    /// <summary>Bytes from clients: of bodies and of connections.</summary>
    public long ReceivedBytes => Volatile.Read(ref _received);

    /// <summary>Bytes from instances: of bodies and of connections.</summary>
    public long SentBytes => Volatile.Read(ref _sent);

    /// <summary>What forwards a request of which nothing but this is noted.</summary>
    internal GatewayTransformer Transformer { get; }

    /// <summary>How often the gateway had to answer itself, by the reason.</summary>
    public long Errors(GatewayError error) => Volatile.Read(ref _errors[(int)error]);

    internal void Begin() => Interlocked.Increment(ref _inFlight);

    internal void BeginConnection()
    {
        Begin();
        Interlocked.Increment(ref _connections);
    }

    internal void End() => Interlocked.Decrement(ref _inFlight);

    internal void End(int status)
    {
        End();
        Interlocked.Increment(ref _statuses[Math.Clamp(status / 100, 1, Classes) - 1]);
    }

    internal void Fail(GatewayError error) => Interlocked.Increment(ref _errors[(int)error]);

    internal void Receive(long bytes) => Interlocked.Add(ref _received, bytes);

    internal void Send(long bytes) => Interlocked.Add(ref _sent, bytes);

    internal void Hold() => Interlocked.Increment(ref _held);

    internal void Release(TimeSpan held)
    {
        Interlocked.Decrement(ref _held);
        Holds.Add(held);
    }
}
