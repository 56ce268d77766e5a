using Wisp.Machines;
using Wisp.Platform.Frozen;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    // Of a drain that is under way: cancelled when its time is over. In turn.
    private CancellationTokenSource? _drain;
    private long _drainBegan;
    private TimeSpan _drainTime;

    /// <summary>Begins to stop it; see <see cref="IInstanceService.StopAsync"/>.</summary>
    public async Task<Result<InstanceTransition>> StopAsync(StopOptions options, StopRequest by)
    {
        using var wish = _interrupt.Want();
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            return await BeginStopAsync(options, by);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops it, by force in the end, and has it removed. It goes on when nobody waits for it any more.</summary>
    public async Task<Result<InstanceTransition>> RemoveAsync(DeleteOptions options, CancellationToken cancellation)
    {
        InstanceState previous;
        Task<Result> removal;
        using var wish = _interrupt.Want();
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            previous = State;
            if (_record.DeleteLock)
            {
                return DeleteLocks.Refuse($"instances edit {_record.Name}");
            }

            var stop = await BeginStopAsync(new StopOptions(Force: false, TimeSpan.Zero, null), StopRequest.User);
            if (stop.Failed(out var refused, out _))
            {
                return refused;
            }

            // Of several who delete it, one that wants nothing kept is enough.
            _retain &= options.Retain;
            removal = BeginRemoval();
        }
        finally
        {
            _turn.Release();
        }

        try
        {
            return (await removal.WaitAsync(options.Wait ?? Timeout.InfiniteTimeSpan, _time, cancellation)).Failed(out var error) ? error : Transition(previous);
        }
        catch (TimeoutException)
        {
            return new WispError(
                ErrorCode.TimedOut, $"Instance '{_record.Name}' is still {StateName(State)}, and the time is up.", "It is deleted once its machine has ended; there is nothing more to do.");
        }
    }

    // In turn.
    private async Task<Result<InstanceTransition>> BeginStopAsync(StopOptions options, StopRequest by)
    {
        var previous = State;
        if (previous is InstanceState.Deleted or InstanceState.Template)
        {
            return NotThere();
        }

        CallOffRestart();
        if ((options.IfState is { } wanted && wanted != previous)
            || (previous == InstanceState.Stopped && _machine is null && _record.Hibernated is null))
        {
            return Transition(previous);
        }

        if (_machine is not { } machine)
        {
            // There is nobody to ask: it waits for another's boot snapshot, or sleeps deeply.
            CallOffLaunch();
            _record = _record with { StopAsked = by };
            await ReleaseAsync();
            await EndAsync(StopClassifier.WithoutMachine(by, wasAsleep: previous != InstanceState.Starting));
            return Transition(previous);
        }

        // Durable before the machine hears of it, so that the next daemon knows too. A store that cannot write is no reason to
        // let it run on; the failure is logged.
        await SaveAsync(_record with { StopAsked = by });
        StopIdleWatch();
        EndSleep();
        Backend.SetGone();
        if (options.Force)
        {
            SetState(InstanceState.Stopping);
            _work.Begin(machine.KillAsync);
        }
        else if (previous is not (InstanceState.Draining or InstanceState.Stopping))
        {
            var drain = options.Drain ?? _options.LongestWait;
            (_drain, _drainBegan, _drainTime) = (new CancellationTokenSource(drain, _time), _time.GetTimestamp(), drain);
            SetState(drain > TimeSpan.Zero && Backend.InFlight > 0 ? InstanceState.Draining : InstanceState.Stopping);
            var late = _drain;
            _work.Begin(() => DrainAndEndAsync(machine, late));
        }
        else if (previous == InstanceState.Draining && options.Drain is { } shorter && _drain is { } current && _time.GetElapsedTime(_drainBegan) + shorter < _drainTime)
        {
            // Whoever has less patience ends the drain.
            _drainTime = _time.GetElapsedTime(_drainBegan) + shorter;
            current.CancelAfter(shorter);
        }

        return Transition(previous);
    }

    // In turn. From here on nothing starts it; all who want it removed share one removal.
    private Task<Result> BeginRemoval()
    {
        if (_removal is null)
        {
            var removal = RemoveOnceEndedAsync();
            _removal = removal;
            _fleet.Work.Begin(() => removal);
        }

        return _removal;
    }

    private async Task<Result> RemoveOnceEndedAsync()
    {
        await WaitForAsync(_ => _machine is null, null, _letGo.Token);
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            if ((await _fleet.Retained.DeleteAsync(_record, Backend, _retain)).Failed(out var error))
            {
                _logger.Trouble(_record.Name, _record.Uuid, "deleting its record", error);
                return error;
            }

            SetState(InstanceState.Deleted);
        }
        finally
        {
            _removal = null;
            _turn.Release();
        }

        // Out of turn: closing a port may wait for a request that waits for its turn here, to be told that there is nothing to wake.
        await _removeAsync(this);
        return Result.Success;
    }

    private async Task DrainAndEndAsync(IMachine machine, CancellationTokenSource? late)
    {
        if (late is { IsCancellationRequested: false })
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _letGo.Token);
            try
            {
                await IdleWatch.UntilIdleAsync(Backend, TimeSpan.Zero, _time, limit.Token);
            }
            catch (OperationCanceledException) when (!_letGo.IsCancellationRequested)
            {
                // The time to drain is over; what is still open is cut off.
            }
        }

        await _turn.WaitAsync(_letGo.Token);
        try
        {
            late?.Dispose();
            _drain = _drain == late ? null : _drain;
            // It may have ended meanwhile, and what came after that stands.
            if (State == InstanceState.Draining)
            {
                SetState(InstanceState.Stopping);
            }
        }
        finally
        {
            _turn.Release();
        }

        // An application that is not up yet has nobody to hear the signal; one that sleeps must be woken to hear it.
        var asked = _entrypointUp
            && (await machine.ResumeAsync(_letGo.Token)).IsSuccess
            && (await machine.SignalAsync(_stopSignal, _letGo.Token)).IsSuccess;
        if (!asked || await WaitForAsync(_ => _machine != machine, _options.StopGrace, _letGo.Token) is null)
        {
            await machine.KillAsync();
        }
    }
}
