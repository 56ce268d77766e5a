using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>The gateway asks for it: a request waits. Once per sleep, however many wait.</summary>
    public async Task<Result> WakeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            switch (State)
            {
                case InstanceState.Deleted or InstanceState.Template:
                    return NotThere();
                case InstanceState.Running:
                    return Result.Success;
                case InstanceState.Standby:
                    return await ResumeAsync();
                case InstanceState.Starting:
                    break;
                default:
                    return new WispError(
                        ErrorCode.WrongState,
                        $"Instance '{_record.Name}' is {StateName(State)}.",
                        $"Start it: wisp instances start {_record.Name}",
                        "stopped-instance");
            }
        }
        finally
        {
            _turn.Release();
        }

        return await WaitForRunningAsync(_options.LongestWait, cancellation);
    }

    /// <summary>Puts it to standby by hand; see <see cref="IInstanceService.SuspendAsync"/>.</summary>
    public async Task<Result<InstanceTransition>> SuspendAsync(TimeSpan drain, CancellationToken cancellation)
    {
        var previous = State;
        if (previous is InstanceState.Standby)
        {
            return Transition(previous);
        }

        if (previous is not InstanceState.Running)
        {
            return WrongState("suspended");
        }

        using var late = new CancellationTokenSource(drain, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation, _letGo.Token);
        while (true)
        {
            if ((await TrySuspendAsync()).Failed(out var error, out var asleep))
            {
                return error;
            }

            if (asleep)
            {
                return Transition(previous);
            }

            try
            {
                await IdleWatch.UntilIdleAsync(Backend, TimeSpan.Zero, _time, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new WispError(
                    ErrorCode.TimedOut,
                    $"Instance '{_record.Name}' still has {Backend.InFlight} requests or connections open.",
                    "Give it a longer drain time, or stop it.");
            }
        }
    }

    private async Task<Result<bool>> TrySuspendAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (State is InstanceState.Standby)
            {
                return true;
            }

            return State is InstanceState.Running ? await FallAsleepAsync(byUser: true) : WrongState("suspended");
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn; true when it sleeps. A request that came in meanwhile wins: either it is counted before the backend begins to
    // fall asleep (then nothing happens here), or it waits for WakeAsync, which takes its turn after this.
    private async Task<Result<bool>> FallAsleepAsync(bool byUser)
    {
        if (_machine is not { } machine || !Backend.TryFallAsleep())
        {
            return false;
        }

        if ((await machine.PauseAsync(CancellationToken.None)).Failed(out var error))
        {
            Backend.SetAwake();
            _logger.Trouble(_record.Name, _record.Uuid, "pausing", error);
            return error;
        }

        StopIdleWatch();
        _runningSince = null;
        if (byUser && _record.ScaleToZero.Policy == ScaleToZeroPolicy.Off)
        {
            Backend.SetGone();
            await SaveAsync(_record with { Suspended = true, StoppedAt = _time.GetUtcNow(), Stop = StopClassifier.UserSuspended });
            SetState(InstanceState.Stopped);
        }
        else
        {
            Backend.SetAsleep();
            SetState(InstanceState.Standby);
        }

        return true;
    }

    // In turn.
    private async Task<Result> ResumeAsync()
    {
        if (_machine is not { } machine)
        {
            return WrongState("resumed");
        }

        if ((await machine.ResumeAsync(CancellationToken.None)).Failed(out var error))
        {
            return error;
        }

        if (_record.Suspended)
        {
            await SaveAsync(_record with { Suspended = false, StoppedAt = null, Stop = null });
        }

        BecomeRunning();
        return Result.Success;
    }

    // In turn.
    private void BecomeRunning()
    {
        _runningSince = _time.GetUtcNow();
        Backend.SetAwake();
        SetState(InstanceState.Running);
        if (_record.ScaleToZero.Policy == ScaleToZeroPolicy.On)
        {
            StopIdleWatch();
            _awake = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
            var cancellation = _awake.Token;
            _work.Begin(() => WatchIdlenessAsync(cancellation));
        }
    }

    private async Task WatchIdlenessAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await IdleWatch.UntilIdleAsync(Backend, _record.ScaleToZero.Cooldown, _time, cancellation);
            await _turn.WaitAsync(cancellation);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                if (State != InstanceState.Running || _machine is null or { State: MachineState.Exited })
                {
                    return;
                }

                if ((await FallAsleepAsync(byUser: false)).Failed(out _, out var asleep) || asleep)
                {
                    return;
                }
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private void StopIdleWatch()
    {
        _awake?.Cancel();
        _awake?.Dispose();
        _awake = null;
    }
}
