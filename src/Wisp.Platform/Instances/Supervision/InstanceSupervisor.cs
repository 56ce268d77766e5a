using Microsoft.Extensions.Logging;
using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Platform.Instances.Sleep;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Supervision;

/// <summary>
/// The one owner of one instance: its record, its machine and its state. Operations take turns; reading takes none.
/// Split by what happens to the instance: starting, sleeping, stopping, and what the machine reports.
/// A method that says "in turn" is called by who holds the turn.
/// </summary>
internal sealed partial class InstanceSupervisor : IWakeHandler, IAsyncDisposable
{
    private readonly Fleet _fleet;
    private readonly PlatformOptions _options;
    private readonly RecordStore _records;
    private readonly MachineLauncher _launcher;
    private readonly ISnapshotStore _snapshots;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<InstanceSupervisor, Task> _removeAsync;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _letGo = new();
    private readonly StateSignal _signal = new();
    private readonly HashSet<int> _openPorts = [];
    private readonly BackgroundWork _work;

    // Written in turn, read at any time.
    private volatile InstanceRecord _record;
    private volatile IMachine? _machine;
    private volatile WispError? _hint;
    private volatile IReadOnlyList<int> _watchedPorts;
    private volatile IReadOnlyList<int> _portsToWatch;
    private int _state = (int)InstanceState.Stopped;

    // Only touched in turn.
    private int _stopSignal = 15;
    private bool _entrypointUp;
    private Task<Result>? _removal;
    private bool _retain = true;

    /// <summary>Makes the owner of an instance; nothing is started.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="watchedPorts">Ports in the guest that must be open before it counts as running.</param>
    /// <param name="fleet">What all of them share.</param>
    /// <param name="removeAsync">Takes the instance out of the catalogue and off the node once it is deleted.</param>
    public InstanceSupervisor(InstanceRecord record, IReadOnlyList<int> watchedPorts, Fleet fleet, Func<InstanceSupervisor, Task> removeAsync)
    {
        _record = record;
        // A machine that exists says when those are open that it was started with.
        _watchedPorts = record is { HasMachine: true, Watched: { } watched } ? watched : watchedPorts;
        _portsToWatch = watchedPorts;
        _fleet = fleet;
        _options = fleet.Options;
        _removeAsync = removeAsync;
        _time = fleet.Rooms.Time;
        _snapshots = fleet.Rooms.Snapshots;
        _records = fleet.Records;
        _launcher = fleet.Launcher;
        _logger = fleet.Logger;
        _reclaimed = new ReclaimFile(Directory);
        _mark = new WakeMark(Directory);
        _work = new BackgroundWork(exception => _logger.WorkFailed(exception, record.Name, record.Uuid));
        Backend = new Backend(record.Uuid, record.Name, _launcher.InterfaceOf(record).Address, this, _time);
    }

    /// <summary>The instance as the data path sees it.</summary>
    public Backend Backend { get; }

    /// <summary>Who hears what it does.</summary>
    public IInstanceEvents? Events { get; init; }

    /// <summary>What is durable of it.</summary>
    public InstanceRecord Record => _record;

    /// <summary>Its state.</summary>
    public InstanceState State => (InstanceState)Volatile.Read(ref _state);

    /// <summary>True while a machine of it runs or sleeps.</summary>
    public bool HasMachine => _machine is not null;

    /// <summary>Its directory.</summary>
    public string Directory => _launcher.DirectoryOf(_record);

    /// <summary>Ports in the guest that must be open before its next machine counts as running.</summary>
    public void Watch(IReadOnlyList<int> ports) => _portsToWatch = ports;

    /// <summary>Waits for one of the states; null when the time is over first.</summary>
    public async Task<InstanceState?> WaitForAsync(Func<InstanceState, bool> wanted, TimeSpan? timeout, CancellationToken cancellation)
    {
        var deadline = timeout is { } limit ? _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency) : (long?)null;
        while (true)
        {
            var next = _signal.Next;
            var state = State;
            if (wanted(state))
            {
                return state;
            }

            var left = deadline is { } end ? _time.GetElapsedTime(_time.GetTimestamp(), end) : Timeout.InfiniteTimeSpan;
            if (deadline is not null && left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await next.WaitAsync(left, _time, cancellation);
            }
            catch (TimeoutException)
            {
                return wanted(State) ? State : null;
            }
        }
    }

    /// <summary>The error of a wait that was in vain, with what is known of the reason.</summary>
    public WispError NotInTime(InstanceState wanted)
    {
        var state = State;
        var reason = _hint?.Message
            ?? (state == InstanceState.Starting && wanted == InstanceState.Running && _watchedPorts.Count > 0 && _entrypointUp
                ? $" Its application runs, but does not listen on port {string.Join(", ", _watchedPorts.Except(_openPorts))}."
                : "");
        return new WispError(
            ErrorCode.TimedOut,
            $"Instance '{_record.Name}' is {StateName(state)}, not {StateName(wanted)}, and the time is up.{reason}",
            $"Look at 'wisp instances logs {_record.Name}'."
                + (state == InstanceState.Starting && wanted == InstanceState.Running ? $" It may still become ready: wisp instances wait {_record.Name} --timeout 2m" : ""),
            "wait-timeout");
    }

    /// <summary>Lets go of the machine, which runs or sleeps on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _letGo.CancelAsync();
        await _turn.WaitAsync();
        try
        {
            StopIdleWatch();
            EndSleep();
            _flight?.Abandon();
            if (_machine is { } machine)
            {
                await machine.DisposeAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        await _work.DisposeAsync();
        _letGo.Dispose();
    }

    private static string StateName(InstanceState state) => state.ToString().ToLowerInvariant();

    // In turn.
    private void SetState(InstanceState state)
    {
        CountLife(state);
        var previous = (InstanceState)Interlocked.Exchange(ref _state, (int)state);
        if (previous != state)
        {
            // Sleeping and waking happen all the time and on the wake path: they are counted, not logged.
            if (state is not InstanceState.Standby && previous is not InstanceState.Standby)
            {
                _logger.StateChanged(_record.Name, _record.Uuid, previous, state);
            }

            _signal.Raise();
            Events?.Moved(this, previous, state);
            Events?.Changed(this, state);
        }
    }

    // In turn, as is the deletion of the record: a put must not bring it back.
    private async Task<Result> SaveAsync(InstanceRecord record)
    {
        if (State is InstanceState.Deleted or InstanceState.Template)
        {
            return NotThere();
        }

        _record = record;
        var result = await _records.CommitAsync(RecordStore.Put(record));
        if (result.Failed(out var error))
        {
            _logger.Trouble(record.Name, record.Uuid, "saving its record", error);
        }

        return result;
    }

    // For what need not be durable before others go on.
    private void SaveLater() => _work.Begin(async () =>
    {
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            await SaveAsync(_record);
        }
        finally
        {
            _turn.Release();
        }
    });

    private InstanceTransition Transition(InstanceState previous) => new(_record.Uuid, _record.Name, State, previous);

    /// <summary>The error of everything that comes after the deletion.</summary>
    public WispError NotThere() => Catalogue.NoInstance(ResourceRef.To(_record.Uuid));

    /// <summary>Why nobody but autoscale does something with it; null when anybody may.</summary>
    public WispError? RefuseIfAutoscaled() => !_record.IsAutoscaled ? null : new WispError(
        ErrorCode.AutoscaleInstance,
        $"Instance '{_record.Name}' was made by autoscale, which also takes it away.",
        "Change how its service group scales: wisp services autoscale set");

    private WispError WrongState(string verb) => new(
        ErrorCode.WrongState,
        $"Instance '{_record.Name}' is {StateName(State)} and cannot be {verb} now.",
        State == InstanceState.Stopped
            ? $"Start it first: wisp instances start {_record.Name}"
            : $"See how it goes on: wisp instances wait {_record.Name} --until state==stopped");
}
