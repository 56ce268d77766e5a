using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private int _restartAttempt;
    private DateTimeOffset? _restartAt;
    private DateTimeOffset? _runningSince;
    private CancellationTokenSource? _restart;

    /// <summary>Starts or wakes it; see <see cref="IInstanceService.StartAsync"/>.</summary>
    public async Task<Result<InstanceTransition>> StartAsync(TimeSpan wait, CancellationToken cancellation, StartRequest? request = null)
    {
        var how = request ?? StartRequest.Usual;
        InstanceState previous;
        using var wish = _interrupt.Want();
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            previous = State;
            var done = previous switch
            {
                InstanceState.Deleted or InstanceState.Template => NotThere(),
                _ when _removal is not null => WrongState("started"),
                InstanceState.Running or InstanceState.Starting or InstanceState.Standby when how.Cold && _record is { Hibernated: null, Discarded: false } => NotCold(),
                InstanceState.Running or InstanceState.Starting => Result.Success,
                InstanceState.Standby or InstanceState.Stopped when _machine is not null => how.Cold ? NotCold() : await ResumeAsync(),
                InstanceState.Standby or InstanceState.Stopped when _record.Hibernated is { } frozen && !how.Cold => await ThawAsync(frozen),
                InstanceState.Standby when _record.Discarded => await LaunchAsync(_record, how, isWake: true),
                InstanceState.Standby or InstanceState.Stopped => await StartByUserAsync(how),
                _ => WrongState("started"),
            };
            if (done.Failed(out var error))
            {
                return error;
            }
        }
        finally
        {
            _turn.Release();
        }

        return wait == TimeSpan.Zero || !(await WaitForRunningAsync(wait, cancellation)).Failed(out var late)
            ? Transition(previous)
            : late;
    }

    /// <summary>Waits until a start has come to its end, good or bad.</summary>
    public async Task<Result> WaitForRunningAsync(TimeSpan wait, CancellationToken cancellation) =>
        await WaitForAsync(state => state != InstanceState.Starting, wait, cancellation) switch
        {
            null => NotInTime(InstanceState.Running),
            InstanceState.Deleted or InstanceState.Template => NotThere(),
            InstanceState.Standby when _wakeFailure is { } failure => failure,
            InstanceState.Stopped or InstanceState.Stopping when _record.Stop is { ExitCode: not 0 } or null => EndedTooSoon(),
            _ => Result.Success,
        };

    private WispError NotCold() => new(
        ErrorCode.WrongState,
        $"Instance '{_record.Name}' is {StateName(State)}: only one without a machine can be started cold.",
        $"Stop it first: wisp instances stop {_record.Name}");

    public WispError EndedTooSoon() => new(
        ErrorCode.OperationFailed,
        $"Instance '{_record.Name}' ended before it was ready: {StopDescription.Of(_record.Stop)}",
        $"Look at 'wisp instances logs {_record.Name}'.",
        "ended-at-once");

    private Task<Result> StartByUserAsync(StartRequest how)
    {
        CallOffRestart();
        _restartAttempt = 0;
        return LaunchAsync(_record with { StartCount = _record.StartCount + 1 }, how with { After = _fleet.Order.Of(_record) }, isWake: false);
    }

    private void ScheduleRestart(StopInfo stop)
    {
        if (_runningSince is { } since && _time.GetUtcNow() - since >= RestartSequence.Healthy)
        {
            _restartAttempt = 0;
        }

        if (!RestartSequence.Wants(_record.RestartPolicy, stop))
        {
            return;
        }

        var delay = RestartSequence.DelayBefore(++_restartAttempt);
        _restartAt = _time.GetUtcNow() + delay;
        _restart = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
        var cancellation = _restart.Token;
        _work.Begin(() => RestartAsync(delay, cancellation));
    }

    private async Task RestartAsync(TimeSpan delay, CancellationToken cancellation)
    {
        await Task.Delay(delay, _time, cancellation);
        await _turn.WaitAsync(cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            _restartAt = null;
            if (State == InstanceState.Stopped && _removal is null
                && (await LaunchAsync(_record with { RestartCount = _record.RestartCount + 1 }, StartRequest.Usual, isWake: false)).Failed(out _)
                && _record.Stop is { } stop)
            {
                ScheduleRestart(stop);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void CallOffRestart()
    {
        _restart?.Cancel();
        _restart?.Dispose();
        _restart = null;
        _restartAt = null;
    }
}
