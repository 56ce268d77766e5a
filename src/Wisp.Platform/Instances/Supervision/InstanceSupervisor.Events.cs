using Wisp.Machines;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private async Task FollowAsync(IMachine machine)
    {
        await foreach (var happened in machine.Events.ReadAllAsync(_letGo.Token))
        {
            await _turn.WaitAsync(_letGo.Token);
            try
            {
                if (_machine == machine)
                {
                    await OnEventAsync(machine, happened);
                }
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task OnEventAsync(IMachine machine, MachineEvent happened)
    {
        switch (happened)
        {
            case MachineEvent.EntrypointStarted started:
                _entrypointUp = true;
                _record = _record with { Timings = _record.Timings with { Boot = started.BootTime } };
                break;
            case MachineEvent.PortOpened opened:
                _openPorts.Add(opened.Port);
                _record = _record with { Timings = _record.Timings with { Net = _record.Timings.Net ?? _time.GetUtcNow() - _record.StartedAt } };
                break;
            case MachineEvent.PortOnLoopbackOnly lonely:
                _logger.LoopbackOnly(_record.Name, _record.Uuid, lonely.Port);
                _hint = new WispError(
                    ErrorCode.OperationFailed,
                    $" It listens on port {lonely.Port} of 127.0.0.1 only, where nothing outside can reach it: let it listen on 0.0.0.0.");
                break;
            case MachineEvent.SleepHoldsChanged changed:
                SetHolds(changed.Holds);
                break;
            case MachineEvent.ForkRequested fork:
                GiveUpBootSnapshot();
                Events?.ForkRequested(this, fork.Ticket);
                return;
            case MachineEvent.TemplateRequested template:
                GiveUpBootSnapshot();
                Events?.TemplateRequested(this, template.Ticket);
                return;
            case MachineEvent.Ended ended:
                await OnEndedAsync(machine, ended.Exit);
                return;
        }

        if (State == InstanceState.Starting && _entrypointUp && _watchedPorts.All(_openPorts.Contains))
        {
            _hint = null;
            await BecomeReadyAsync(machine);
        }
    }

    // In turn: it has come up.
    private async Task BecomeReadyAsync(IMachine machine)
    {
        var flight = _flight;
        if (flight is not null && _watchedPorts.Count > 0 && !await FreezeBootAsync(machine, flight))
        {
            if (machine.State == MachineState.Paused)
            {
                SleepOn();
            }

            return;
        }

        if (_watchedPorts.Count == 0)
        {
            // What it does is not seen (it waits for datagrams, say), nor whether it has come as far as that.
            Backend.Expect(_options.UnseenStart);
        }

        BecomeRunning();
        if (flight is not null && _watchedPorts.Count == 0)
        {
            _work.Begin(() => FreezeBootLaterAsync(machine, flight));
        }

        await SaveAsync(_record);
    }

    private async Task OnEndedAsync(IMachine machine, MachineExit exit)
    {
        _logger.Ended(_record.Name, _record.Uuid, exit.Cause, exit.ExitCode, exit.Detail ?? "");
        // Before its address loses its interface: no request may be forwarded to where the host's own routes would lead it.
        await Backend.EndMachineAsync();
        await ReleaseAsync();
        await machine.DisposeAsync();
        await EndAsync(StopClassifier.Ended(exit, _record.StopAsked));
    }

    // In turn.
    private async Task ReleaseAsync()
    {
        if ((await _launcher.ReleaseAsync(_record)).Failed(out var error))
        {
            _logger.Trouble(_record.Name, _record.Uuid, "removing its network interface", error);
        }
    }

    // In turn: from here on there is no machine, and no state that it could be woken from.
    private async Task EndAsync(StopInfo stop)
    {
        StopIdleWatch();
        EndSleep();
        GiveUpBootSnapshot();
        await Backend.EndMachineAsync();
        _machine = null;
        var (asked, frozen) = (_record.StopAsked, _record.Hibernated);
        var saved = await SaveAsync(_record.Settled() with
        {
            HasMachine = false,
            Suspended = false,
            Hibernated = null,
            Discarded = false,
            StopAsked = StopRequest.None,
            StoppedAt = _time.GetUtcNow(),
            Stop = stop,
        });
        Tidy(_reclaimed.Delete);
        if (frozen is { } past && saved.IsSuccess)
        {
            ForgetFrozen(past);
        }

        SetState(InstanceState.Stopped);
        // A state that stays the same (stopped while suspended) still has news: the machine is gone.
        _signal.Raise();
        if (_record is { DeleteOnStop: true, DeleteLock: false })
        {
            _ = BeginRemoval();
        }
        else if (asked == StopRequest.None)
        {
            ScheduleRestart(stop);
        }

        _runningSince = null;
    }
}
