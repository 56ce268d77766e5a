using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>Begins to stop it; see <see cref="IInstanceService.StopAsync"/>.</summary>
    public async Task<Result<InstanceTransition>> StopAsync(StopOptions options, StopRequest by, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var previous = State;
            CallOffRestart();
            if ((options.IfState is { } wanted && wanted != previous) || (previous == InstanceState.Stopped && _machine is null))
            {
                return Transition(previous);
            }

            if (_machine is not { } machine)
            {
                return WrongState("stopped");
            }

            _asked = by;
            StopIdleWatch();
            Backend.SetGone();
            if (options.Force)
            {
                SetState(InstanceState.Stopping);
                _work.Begin(machine.KillAsync);
                return Transition(previous);
            }

            if (previous is InstanceState.Draining or InstanceState.Stopping)
            {
                return Transition(previous);
            }

            var drain = options.Drain ?? _options.LongestWait;
            SetState(drain > TimeSpan.Zero && Backend.InFlight > 0 ? InstanceState.Draining : InstanceState.Stopping);
            _work.Begin(() => DrainAndEndAsync(machine, drain));
            return Transition(previous);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops it, by force in the end, and has it removed.</summary>
    public async Task<Result<InstanceTransition>> RemoveAsync(CancellationToken cancellation)
    {
        var previous = State;
        await _turn.WaitAsync(cancellation);
        try
        {
            _removing = true;
        }
        finally
        {
            _turn.Release();
        }

        if ((await StopAsync(new StopOptions(Force: false, TimeSpan.Zero, null), StopRequest.User, cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        await WaitForAsync(state => state == InstanceState.Deleted || _machine is null, null, cancellation);
        await _removeAsync(this);
        SetState(InstanceState.Deleted);
        return Transition(previous);
    }

    private async Task DrainAndEndAsync(IMachine machine, TimeSpan drain)
    {
        if (drain > TimeSpan.Zero)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
            limit.CancelAfter(drain);
            try
            {
                await IdleWatch.UntilIdleAsync(Backend, TimeSpan.Zero, _time, limit.Token);
            }
            catch (OperationCanceledException) when (!_letGo.IsCancellationRequested)
            {
                // The time to drain is over; what is still open is cut off.
            }
        }

        if (State == InstanceState.Draining)
        {
            SetState(InstanceState.Stopping);
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
