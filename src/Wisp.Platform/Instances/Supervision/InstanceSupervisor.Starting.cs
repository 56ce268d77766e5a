using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private int _restartAttempt;
    private DateTimeOffset? _restartAt;
    private DateTimeOffset? _runningSince;
    private CancellationTokenSource? _restart;

    /// <summary>Starts or wakes it; see <see cref="IInstanceService.StartAsync"/>.</summary>
    public async Task<Result<InstanceTransition>> StartAsync(TimeSpan wait, CancellationToken cancellation)
    {
        InstanceState previous;
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            previous = State;
            var done = previous switch
            {
                InstanceState.Deleted or InstanceState.Template => NotThere(),
                _ when _removal is not null => WrongState("started"),
                InstanceState.Running or InstanceState.Starting => Result.Success,
                InstanceState.Standby => await ResumeAsync(),
                InstanceState.Stopped when _machine is not null => await ResumeAsync(),
                InstanceState.Stopped => await StartByUserAsync(),
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
            InstanceState.Stopped or InstanceState.Stopping when _record.Stop is { ExitCode: not 0 } or null => EndedTooSoon(),
            _ => Result.Success,
        };

    public WispError EndedTooSoon() => new(
        ErrorCode.OperationFailed,
        $"Instance '{_record.Name}' ended before it was ready: {StopDescription.Of(_record.Stop)}",
        $"Look at 'wisp instances logs {_record.Name}'.",
        "ended-at-once");

    private Task<Result> StartByUserAsync()
    {
        CallOffRestart();
        _restartAttempt = 0;
        return LaunchAsync(_record with { StartCount = _record.StartCount + 1 });
    }

    // In turn. The record is durable before the process exists: a crash in between leaves a record without a machine, which the
    // next daemon reports, and never a machine that nobody knows of.
    private async Task<Result> LaunchAsync(InstanceRecord record)
    {
        var saved = await SaveAsync(record with
        {
            HasMachine = true,
            Suspended = false,
            StopAsked = StopRequest.None,
            StartedAt = _time.GetUtcNow(),
            StoppedAt = null,
            Stop = null,
            Timings = StartTimings.None,
        });
        if (saved.Failed(out var error))
        {
            return error;
        }

        ResetProgress();
        SetState(InstanceState.Starting);
        Backend.SetAsleep();
        var from = _time.GetTimestamp();
        var launched = await _launcher.StartAsync(_record, _watchedPorts, _letGo.Token);
        if (launched.Failed(out error, out var machine))
        {
            _logger.StartFailed(_record.Name, _record.Uuid, error);
            Backend.SetGone();
            await SaveAsync(_record with { HasMachine = false, StoppedAt = _time.GetUtcNow(), Stop = StopClassifier.StartFailed(error) });
            SetState(InstanceState.Stopped);
            return error;
        }

        _record = _record with { Timings = _record.Timings with { Vmm = _time.GetElapsedTime(from) } };
        Attach(machine);
        return Result.Success;
    }

    /// <summary>Takes over the machine of an earlier daemon, if it still runs; otherwise says so and lets the restart policy decide.</summary>
    public async Task AdoptAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_record.HasMachine)
            {
                return;
            }

            ResetProgress();
            var adopted = await _launcher.AdoptAsync(_record, cancellation);
            if (adopted.Failed(out var error, out var machine))
            {
                await EndAsync(StopClassifier.GoneMeanwhile(error, _record.StopAsked));
                return;
            }

            if (_record.StopAsked != StopRequest.None)
            {
                // The stop goes on. Whether the application is up is not known yet: ask it; the grace ends what does not hear.
                _entrypointUp = true;
                SetState(InstanceState.Stopping);
                _logger.Adopted(_record.Name, _record.Uuid, State);
                Attach(machine);
                _work.Begin(() => DrainAndEndAsync(machine.Machine, TimeSpan.Zero));
                return;
            }

            var paused = machine.Machine.State == Machines.MachineState.Paused;
            SetState((paused, _record.Suspended) switch
            {
                (true, true) => InstanceState.Stopped,
                (true, false) => InstanceState.Standby,
                _ => InstanceState.Starting,
            });
            if (!_record.Suspended)
            {
                Backend.SetAsleep();
            }

            // What sleeps had come up before, and cannot say so now.
            _entrypointUp = paused;
            _logger.Adopted(_record.Name, _record.Uuid, State);
            Attach(machine);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Attach(LaunchedMachine launched)
    {
        _stopSignal = launched.StopSignal;
        _machine = launched.Machine;
        _work.Begin(() => FollowAsync(launched.Machine));
    }

    private void ResetProgress()
    {
        _entrypointUp = false;
        _hint = null;
        _openPorts.Clear();
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
                && (await LaunchAsync(_record with { RestartCount = _record.RestartCount + 1 })).Failed(out _)
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
