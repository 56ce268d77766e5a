using Wisp.Gateway;
using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private int _isStirring;

    /// <summary>The gateway asks for it: a request waits. Once per sleep, however many wait.</summary>
    public async Task<Result> WakeAsync(CancellationToken cancellation)
    {
        using var wish = _interrupt.Want();
        // Not in turn: whoever stops or deletes it meanwhile does not wait for that.
        if (State == InstanceState.Standby && _machine is not null)
        {
            await _fleet.Admission.EnterAsync(Backend).WaitAsync(_letGo.Token);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            switch (State)
            {
                case InstanceState.Deleted or InstanceState.Template:
                    return NotThere();
                case InstanceState.Running:
                    return Result.Success;
                case InstanceState.Standby when _machine is not null:
                    return await ResumeAsync();
                case InstanceState.Standby when _record.Hibernated is { } frozen:
                    return await ThawAsync(frozen);
                case InstanceState.Standby:
                    if ((await LaunchAsync(_record, StartRequest.Usual, isWake: true)).Failed(out var error))
                    {
                        return error;
                    }

                    break;
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

    /// <summary>Another instance sends it something: that wakes it, and keeps it awake as a request does.</summary>
    /// <param name="unseen">How long more may come that is not told of.</param>
    public void Stir(TimeSpan unseen)
    {
        if (Backend.Expect(unseen) || Backend.State == BackendState.Gone || Interlocked.Exchange(ref _isStirring, 1) != 0)
        {
            return;
        }

        _work.Begin(async () =>
        {
            try
            {
                if ((await Backend.WakeAsync(_letGo.Token)).Failed(out var error))
                {
                    _logger.Trouble(_record.Name, _record.Uuid, "waking it for another instance", error);
                }
            }
            finally
            {
                Volatile.Write(ref _isStirring, 0);
            }
        });
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

            return State is InstanceState.Running ? await FallAsleepAsync(byUser: true, TimeSpan.Zero) : WrongState("suspended");
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn; true when it sleeps. A request that came in meanwhile wins: either it is counted before the backend begins to
    // fall asleep (then nothing happens here), or it waits for WakeAsync, which takes its turn after this.
    private async Task<Result<bool>> FallAsleepAsync(bool byUser, TimeSpan quiet)
    {
        if (_machine is not { } machine || !Backend.TryFallAsleep(quiet))
        {
            return false;
        }

        if (!KeepsMemory)
        {
            return await DiscardAsync(machine);
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

        BeginSleep();
        return true;
    }

    // In turn. Stateless standby: nothing is kept. The record says so first: whoever finds no machine starts it afresh. That is another
    // life, which is written down here, because its wake writes nothing.
    private async Task<Result<bool>> DiscardAsync(IMachine machine)
    {
        using var deepening = _interrupt.Begin(_letGo.Token);
        var awake = _record;
        if ((await SaveAsync(_record with { Discarded = true, Life = _record.Life + 1 })).Failed(out var error) || deepening.CalledOff.IsCancellationRequested)
        {
            // A request that came meanwhile need not wait for a start.
            _record = awake;
            Backend.SetAwake();
            SaveLater();
            return error is null ? false : error;
        }

        StopIdleWatch();
        _runningSince = null;
        await LeaveMachineAsync(machine);
        SetState(InstanceState.Standby);
        return true;
    }

    // In turn.
    private async Task<Result> ResumeAsync()
    {
        if (_machine is not { } machine)
        {
            return WrongState("resumed");
        }

        if (TakeLife(_record).Failed(out var error))
        {
            return error;
        }

        // It was about to leave its machine for a snapshot, which is the past from now on.
        if (_record.Hibernated is { } stale && _mark.TryPut(stale).Failed(out error)
            || (await machine.ResumeAsync(CancellationToken.None)).Failed(out error))
        {
            GiveLifeBack();
            return error;
        }

        if (_record.Hibernated is { } past)
        {
            DropFrozenLater(past);
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
        EndSleep();
        // What it lies on it has mapped; a name on disk is not needed for that.
        Tidy(_reclaimed.Delete);
        _runningSince = _time.GetUtcNow();
        Backend.SetAwake();
        _launcher.Replay(_record);
        SetState(InstanceState.Running);
        EndBoost();
        WatchIdleness();
    }
}
