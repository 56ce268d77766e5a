using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>
    /// Takes over the machine of an earlier daemon, if it still runs: it is newer than any frozen state. Without one, the instance sleeps
    /// if it was frozen and not woken since; otherwise its machine died, which is said, and the restart policy decides.
    /// </summary>
    public async Task AdoptAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Those that a daemon left that was killed.
            Tidy(() => _mark.Clear(except: _record.Hibernated));
            if (_record.HasMachine)
            {
                ResetProgress();
                if ((await _launcher.AdoptAsync(_record, cancellation)).Failed(out var error, out var machine))
                {
                    await GoOnWithoutMachineAsync(error);
                }
                else
                {
                    await GoOnWithMachineAsync(machine);
                }
            }

            if (_machine is not { State: MachineState.Paused })
            {
                Tidy(_reclaimed.Delete);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn.
    private async Task GoOnWithoutMachineAsync(WispError error)
    {
        var wasWoken = _record.Hibernated is { } frozen && _mark.IsOn(frozen);
        if (_record is { Hibernated: null, Discarded: false } || wasWoken || _record.StopAsked != StopRequest.None)
        {
            await EndAsync(StopClassifier.GoneMeanwhile(error, _record.StopAsked));
            return;
        }

        if (!_record.Suspended)
        {
            Backend.SetAsleep();
            SetState(InstanceState.Standby);
            if ((await _launcher.RestAsync(_record)).Failed(out var failed))
            {
                _logger.Trouble(_record.Name, _record.Uuid, "making its network interface", failed);
            }
        }

        _fleet.Rooms.Engine.Expect(_record.MemoryMb, _record.Vcpus);
        _logger.Adopted(_record.Name, _record.Uuid, State);
    }

    // In turn.
    private async Task GoOnWithMachineAsync(LaunchedMachine machine)
    {
        if (_record.StopAsked != StopRequest.None)
        {
            // The stop goes on. Whether the application is up is not known yet: ask it; the grace ends what does not hear.
            _entrypointUp = true;
            SetState(InstanceState.Stopping);
            _logger.Adopted(_record.Name, _record.Uuid, State);
            Attach(machine);
            _work.Begin(() => DrainAndEndAsync(machine.Machine, null));
            return;
        }

        if (_record.Hibernated is { } stale)
        {
            DropFrozenLater(stale);
        }

        var isPaused = machine.Machine.State == MachineState.Paused;
        if (_record.Suspended && !isPaused)
        {
            // It ran for a moment only, to be frozen, or its resumption was never written down.
            isPaused = (await machine.Machine.PauseAsync(CancellationToken.None)).IsSuccess;
        }
        else if (isPaused && _record is { Suspended: false, ScaleToZero.Policy: ScaleToZeroPolicy.Off })
        {
            // Nobody put it to sleep: it stood still for a moment, to be frozen.
            isPaused = (await machine.Machine.ResumeAsync(CancellationToken.None)).Failed(out _);
        }

        // What sleeps had come up before, and cannot say so now.
        _entrypointUp = isPaused;
        Attach(machine);
        SetState((isPaused, _record.Suspended) switch
        {
            (true, true) => InstanceState.Stopped,
            (true, false) => InstanceState.Standby,
            _ => InstanceState.Starting,
        });
        if (!isPaused || !_record.Suspended)
        {
            Backend.SetAsleep();
        }

        _logger.Adopted(_record.Name, _record.Uuid, State);
        if (isPaused && _record.Discarded)
        {
            // It was about to be ended.
            await LeaveMachineAsync(machine.Machine);
        }
        else if (isPaused)
        {
            BeginSleep();
        }
        else if (_record.Discarded)
        {
            _record = _record with { Discarded = false };
            SaveLater();
        }
    }
}
