using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway;

/// <summary>
/// One instance as the data path sees it: an address, a state, and a count of what is in flight. Written by the platform
/// (state) and by the forwarders (count); read on every request, without a lock.
/// </summary>
/// <param name="id">The instance's uuid.</param>
/// <param name="name">The instance's name, for messages.</param>
/// <param name="address">The guest's address.</param>
/// <param name="wake">Whom to ask when it sleeps.</param>
/// <param name="time">The clock for idleness.</param>
public sealed class Backend(Guid id, string name, IPAddress address, IWakeHandler wake, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _state = (int)BackendState.Gone;
    private int _inFlight;
    private int _parked;
    private readonly ConcurrentDictionary<Socket, bool> _parkedSockets = [];
    private int _astir;
    private bool _parksSilent;
    private long _total;
    private long _idleSince = time.GetTimestamp();
    private long _expectedUntil = long.MinValue;
    private Task<Result>? _waking;
    private SlowStart? _slowStart;
    private long _wakes;
    private long _lastWakeTicks;
    private HttpMessageInvoker? _connections;
    private GuestHttp2 _http2 = new(address);
    private CancellationTokenSource _machine = new();
    private readonly ConcurrentDictionary<int, Reach> _reach = [];

    /// <summary>The instance's uuid.</summary>
    public Guid Id => id;

    /// <summary>The instance's name.</summary>
    public string Name => name;

    /// <summary>The guest's address.</summary>
    public IPAddress Address => address;

    /// <summary>Whether it takes traffic.</summary>
    public BackendState State => (BackendState)Volatile.Read(ref _state);

    /// <summary>Requests (http) or connections (tcp) open right now, those that are held included.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Connections that are open and do not keep it awake, because they are silent.</summary>
    public int Parked => Volatile.Read(ref _parked);

    /// <summary>Whether something that was said in a parked connection has not come to the guest yet.</summary>
    public bool OwesGuest => _parkedSockets.Any(static parked => GuestSocket.HasUnacknowledged(parked.Key));

    /// <summary>Whether connections without HTTP keep it awake only while something is said in them (scale-to-zero policy <c>idle</c>); for those that begin from now on.</summary>
    public bool ParksSilent
    {
        get => Volatile.Read(ref _parksSilent);
        set => Volatile.Write(ref _parksSilent, value);
    }

    /// <summary>Requests and connections served since this process started.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>How often it was woken by traffic since this process started.</summary>
    public long Wakes => Volatile.Read(ref _wakes);

    /// <summary>How long the last of these took.</summary>
    public TimeSpan LastWake => TimeSpan.FromTicks(Volatile.Read(ref _lastWakeTicks));

    /// <summary>How long all of them took.</summary>
    public Latencies WakeLatencies { get; } = new();

    /// <summary>Whether anything keeps it awake: what is in flight and not parked, and what is being said in what is parked.</summary>
    // In this order: whatever comes between the looks makes it look busier than it is, or has seen that it falls asleep.
    public bool IsBusy => InFlight - Parked + Volatile.Read(ref _astir) > 0;

    /// <summary>How long nothing has kept it awake; zero while something does, and less while more may come past the gateway.</summary>
    public TimeSpan Idle =>
        IsBusy ? TimeSpan.Zero : time.GetElapsedTime(Math.Max(Volatile.Read(ref _idleSince), Volatile.Read(ref _expectedUntil)), time.GetTimestamp());

    /// <summary>The connections to the machine that runs now; they outlast its sleep, and end with it.</summary>
    internal HttpMessageInvoker Connections => Volatile.Read(ref _connections) ?? Connect();

    /// <summary>Cancelled when the machine that runs now has ended: then nobody is left to answer what is in flight.</summary>
    internal CancellationToken MachineEnded => Volatile.Read(ref _machine).Token;

    /// <summary>Whether one of its ports accepts connections.</summary>
    internal Reach Reach(int port) => _reach.GetOrAdd(port, static (port, of) => new Reach(of.Backend, port, of.Time), (Backend: this, Time: time));

    /// <summary>Counts a request or connection in, before anything is asked of the backend. Pair it with <see cref="Leave"/>.</summary>
    /// <returns>True when the backend is awake and stays so until <see cref="Leave"/>; false when <see cref="WakeAsync"/> must come first.</returns>
    public bool Enter()
    {
        // Order matters: count first, look at the state second. TryFallAsleep does the reverse (state first, count second), so
        // at least one of the two sees the other.
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _total);
        return State == BackendState.Awake;
    }

    /// <summary>As <see cref="Enter"/>, unless as many are in flight as the limit says: of any number that try at once, exactly so many get in.</summary>
    /// <param name="limit">How many may be in flight with it.</param>
    internal bool TryEnter(int limit)
    {
        // Compared and counted in one step: one that had to leave again would for a moment be in the way of another.
        for (var seen = InFlight; seen < limit;)
        {
            var before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen)
            {
                Interlocked.Increment(ref _total);
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>A connection that has entered keeps it awake no longer, but by what is said in it. Pair it with <see cref="Unpark"/>.</summary>
    /// <param name="guest">What leads to the guest, where the kernel knows what it has not taken yet; null where nobody does.</param>
    internal void Park(Socket? guest)
    {
        if (guest is not null)
        {
            _parkedSockets.TryAdd(guest, true);
        }

        Volatile.Write(ref _idleSince, time.GetTimestamp());
        Interlocked.Increment(ref _parked);
    }

    /// <summary>It is about to leave.</summary>
    internal void Unpark(Socket? guest)
    {
        if (guest is not null)
        {
            _parkedSockets.TryRemove(guest, out _);
        }

        Interlocked.Decrement(ref _parked);
    }

    /// <summary>A parked conversation is over because nothing was said in it for so long: nothing has come of it that would keep it awake.</summary>
    internal void LeaveParked()
    {
        // In this order, as IsBusy looks.
        Unpark(null);
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>Something is said in a parked connection. Pair it with <see cref="Settle"/>.</summary>
    /// <returns>As <see cref="Enter"/>.</returns>
    internal bool Stir()
    {
        Interlocked.Increment(ref _astir);
        return State == BackendState.Awake;
    }

    /// <summary>It was said.</summary>
    internal void Settle()
    {
        Volatile.Write(ref _idleSince, time.GetTimestamp());
        Interlocked.Decrement(ref _astir);
    }

    /// <summary>Counts a request or connection out.</summary>
    public void Leave()
    {
        Volatile.Write(ref _idleSince, time.GetTimestamp());
        Interlocked.Decrement(ref _inFlight);
        if (Volatile.Read(ref _slowStart) is { IsOver: false } start)
        {
            start.Answered();
        }
    }

    /// <summary>Says that something came past the gateway, and that for a while more of it may come unseen. Until then it does not fall asleep.</summary>
    /// <param name="unseen">How long.</param>
    /// <returns>True when the backend is awake; false when <see cref="WakeAsync"/> must come, or it is gone.</returns>
    public bool Expect(TimeSpan unseen)
    {
        // As in Enter: say so first, look at the state second. What somebody else expects for longer stands.
        var until = time.GetTimestamp() + (long)(unseen.TotalSeconds * time.TimestampFrequency);
        for (var before = Interlocked.Read(ref _expectedUntil); before < until;)
        {
            var seen = Interlocked.CompareExchange(ref _expectedUntil, until, before);
            if (seen == before)
            {
                break;
            }

            before = seen;
        }

        // Not even then may the look come first.
        Interlocked.MemoryBarrier();
        return State == BackendState.Awake;
    }

    /// <summary>Asks for the backend; however many ask, one wake is under way (single flight). Only for who has entered, or expects more.</summary>
    /// <param name="cancellation">Stops the waiting, not the wake.</param>
    /// <param name="latencies">Where it is counted, too, how long the wake took that this begins.</param>
    public Task<Result> WakeAsync(CancellationToken cancellation, Latencies? latencies = null)
    {
        Task<Result> waking;
        lock (_gate)
        {
            if (State == BackendState.Awake)
            {
                return Task.FromResult(Result.Success);
            }

            // The wake belongs to everybody who waits, so no single waiter's cancellation may end it.
            waking = _waking is { IsCompleted: false } ? _waking : _waking = WakeOnceAsync(latencies);
        }

        return waking.WaitAsync(cancellation);
    }

    /// <summary>Waits for a turn among those that waited for the same wake. Only after <see cref="WakeAsync"/>.</summary>
    /// <param name="aborted">Gives it up.</param>
    internal Task GoOnAsync(CancellationToken aborted) => Volatile.Read(ref _slowStart) is { } start ? start.GoOnAsync(aborted) : Task.CompletedTask;

    private async Task<Result> WakeOnceAsync(Latencies? latencies)
    {
        var from = time.GetTimestamp();
        var result = await wake.WakeAsync(CancellationToken.None);
        if (result.IsSuccess)
        {
            var took = time.GetElapsedTime(from);
            Volatile.Write(ref _lastWakeTicks, took.Ticks);
            WakeLatencies.Add(took);
            latencies?.Add(took);
            Interlocked.Increment(ref _wakes);
            // Before any of them is told, which is when this task ends.
            Volatile.Write(ref _slowStart, InFlight > 1 ? new SlowStart(time) : null);
        }

        return result;
    }

    /// <summary>Says that it takes traffic, and starts the idle clock.</summary>
    public void SetAwake()
    {
        Volatile.Write(ref _idleSince, time.GetTimestamp());
        Interlocked.Exchange(ref _state, (int)BackendState.Awake);
    }

    /// <summary>First half of going to sleep: no request enters from here on without waking.</summary>
    /// <param name="quiet">For how long nothing must have kept it awake.</param>
    /// <returns>False, and nothing has changed, when it is not awake, something is in flight or was so a moment ago: the request wins.</returns>
    public bool TryFallAsleep(TimeSpan quiet = default)
    {
        if (Interlocked.CompareExchange(ref _state, (int)BackendState.FallingAsleep, (int)BackendState.Awake) != (int)BackendState.Awake)
        {
            return false;
        }

        if (!IsBusy && Idle >= quiet)
        {
            return true;
        }

        Interlocked.CompareExchange(ref _state, (int)BackendState.Awake, (int)BackendState.FallingAsleep);
        return false;
    }

    /// <summary>Says that it is being started, which takes longer than a wake; who needs it waits for that.</summary>
    public void SetStarting() => Interlocked.Exchange(ref _state, (int)BackendState.Starting);

    /// <summary>Says that it sleeps and can be woken by traffic.</summary>
    public void SetAsleep() => Interlocked.Exchange(ref _state, (int)BackendState.Asleep);

    /// <summary>Says that it is stopped; traffic does not wake it.</summary>
    public void SetGone()
    {
        Interlocked.Exchange(ref _state, (int)BackendState.Gone);
        // A machine that is killed says no goodbye, and the next one at this address knows nothing of these connections. Not
        // disposed of, because requests that drain still use them; they go when the last of them is idle.
        Volatile.Write(ref _connections, null);
        Volatile.Write(ref _http2, new GuestHttp2(address));
    }

    /// <summary>
    /// Says that its machine has ended, and ends what is in flight: a machine that died sends nothing any more, not even a reset.
    /// </summary>
    public Task EndMachineAsync()
    {
        SetGone();
        return Interlocked.Exchange(ref _machine, new CancellationTokenSource()).CancelAsync();
    }

    /// <summary>
    /// Ends the connections to a machine that sleeps and is about to be frozen, so that its guest does not keep its ends of them. Nothing
    /// uses them: whoever is in flight waits for it to wake.
    /// </summary>
    public void CloseConnections() => Interlocked.Exchange(ref _connections, null)?.Dispose();

    /// <summary>Says that it sleeps on without a machine: traffic calls for it as before, and what led to that machine ends.</summary>
    /// <param name="isKept">Whether its memory is kept, and with it the guest's ends of the connections that are parked: then those stay.</param>
    public Task LoseMachineAsync(bool isKept)
    {
        SetAsleep();
        CloseConnections();
        return isKept && Parked > 0 ? Task.CompletedTask : Interlocked.Exchange(ref _machine, new CancellationTokenSource()).CancelAsync();
    }

    /// <summary>What the machine that runs now speaks.</summary>
    internal GuestHttp2 Http2 => Volatile.Read(ref _http2);

    private HttpMessageInvoker Connect()
    {
        var made = GuestConnections.Create();
        if (Interlocked.CompareExchange(ref _connections, made, null) is not { } other)
        {
            return made;
        }

        made.Dispose();
        return other;
    }
}
