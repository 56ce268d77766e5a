using Wisp.Platform.Instances.Boots;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

// How a machine comes to be: restored from the instance's origin, restored from the boot snapshot of its image, or booted.
internal sealed partial class InstanceSupervisor
{
    private CancellationTokenSource? _launching;
    private bool _isWake;
    private volatile WispError? _wakeFailure;

    // Set while a snapshot is read that nothing durable names yet.
    private object? _opening;

    // In turn. The record is durable before the process exists: a crash in between leaves a record without a machine, which the
    // next daemon reports, and never a machine that nobody knows of. A wake from stateless standby writes nothing: the record says
    // already that a machine may be found.
    private async Task<Result> LaunchAsync(InstanceRecord record, StartRequest how, bool isWake)
    {
        record = record.Settled();
        if (TakeLife(record).Failed(out var exceeded))
        {
            if (!isWake)
            {
                Events?.StartFailed(this, exceeded);
            }

            return exceeded;
        }

        var frozen = _record.Hibernated;
        _watchedPorts = _portsToWatch;
        record = record with
        {
            HasMachine = true,
            Watched = _watchedPorts,
            Suspended = false,
            Hibernated = null,
            Discarded = false,
            StopAsked = StopRequest.None,
            Compatibility = await _launcher.DescribeAsync(_letGo.Token),
        };
        if (isWake)
        {
            _record = record;
        }
        else
        {
            record = record with { Life = record.Life + 1, StartedAt = _time.GetUtcNow(), StoppedAt = null, Stop = null, Timings = StartTimings.None };
            if ((await SaveAsync(record)).Failed(out var error))
            {
                GiveLifeBack();
                return error;
            }
        }

        if (frozen is { } dropped)
        {
            ForgetFrozen(dropped);
        }

        (_isWake, _wakeFailure) = (isWake, null);
        ResetProgress();
        SetState(InstanceState.Starting);
        Backend.SetStarting();
        if (how.After.Count > 0)
        {
            BeginInOrder(how.After, how);
            return Result.Success;
        }

        return await BeginMachineAsync(how);
    }

    // In turn.
    private async Task<Result> BeginMachineAsync(StartRequest how)
    {
        if (how.Cold || _record.Cold)
        {
            return await BootAsync(null);
        }

        if (_record.Origin is { } origin)
        {
            // Never a boot in its place: that would be another instance.
            return (await RestoreAsync(origin, how)).Failed(out var broken) ? await FailToStartAsync(broken) : Result.Success;
        }

        if ((await _launcher.KeyAsync(_record, _watchedPorts, _record.Compatibility!, _letGo.Token)).Failed(out var error, out var key))
        {
            return await FailToStartAsync(error);
        }

        switch (_fleet.Boots.Enter(key))
        {
            case { Snapshot: { } snapshot }:
                return await RestoreOrBootAsync(snapshot, key, how);
            case { Lead: { } flight }:
                return await BootAsync(flight);
            case { Follow: { } flight }:
                _launching = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
                var calledOff = _launching.Token;
                _work.Begin(() => LaunchAfterAsync(flight, how, calledOff));
                return Result.Success;
            default:
                throw new InvalidOperationException($"Instance '{_record.Name}' has no place among the starts of its image.");
        }
    }

    // It holds no turn while it waits, so that it can be stopped and deleted meanwhile.
    private async Task LaunchAfterAsync(BootFlight other, StartRequest how, CancellationToken calledOff)
    {
        var snapshot = await _fleet.Boots.WaitAsync(other, calledOff);
        await _turn.WaitAsync(calledOff);
        try
        {
            calledOff.ThrowIfCancellationRequested();
            var done = snapshot is { } made ? await RestoreOrBootAsync(made, other.Key, how) : await BootAsync(_fleet.Boots.TryLead(other.Key));
            if (done.Failed(out _) && _restartAttempt > 0 && _record.Stop is { } stop)
            {
                ScheduleRestart(stop);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn.
    private async Task<Result> RestoreOrBootAsync(Guid snapshot, string key, StartRequest how)
    {
        if ((await RestoreAsync(snapshot, how)).Failed(out var error))
        {
            _logger.BootsInstead(_record.Name, _record.Uuid, snapshot, error);
            var isUseless = error.Code is ErrorCode.CannotBeUsed or ErrorCode.NotFound;
            if (isUseless)
            {
                await _fleet.Boots.DropAsync(snapshot);
            }

            return await BootAsync(isUseless ? _fleet.Boots.TryLead(key) : null);
        }

        return Result.Success;
    }

    // In turn. What goes on from a snapshot was running when it was frozen, and is again.
    private async Task<Result> RestoreAsync(Guid snapshot, StartRequest how)
    {
        Volatile.Write(ref _opening, snapshot);
        try
        {
            if ((await _snapshots.OpenAsync(snapshot, _record.Compatibility, _letGo.Token)).Failed(out var error, out var opened)
                || (await _launcher.RestoreAsync(_record, opened, how.Extras, _watchedPorts, _letGo.Token)).Failed(out error, out var machine))
            {
                return error;
            }

            GoOn(machine, FrozenSettings.HasOpen(opened.Manifest, _watchedPorts));
            SaveLater();
            return Result.Success;
        }
        finally
        {
            Volatile.Write(ref _opening, null);
        }
    }

    // In turn.
    private async Task<Result> BootAsync(BootFlight? flight)
    {
        if ((await _launcher.StartAsync(_record, _watchedPorts, _letGo.Token)).Failed(out var error, out var machine))
        {
            flight?.Abandon();
            return await FailToStartAsync(error);
        }

        Attach(machine);
        NoteTimings(machine);
        _flight = flight;
        return Result.Success;
    }

    // In turn.
    private async Task<Result> FailToStartAsync(WispError error)
    {
        _logger.StartFailed(_record.Name, _record.Uuid, error);
        Events?.StartFailed(this, error);
        if (_isWake)
        {
            // As it was before, so that the next request tries again.
            _wakeFailure = error;
            _record = _record with { Discarded = true };
            Backend.SetAsleep();
            SetState(InstanceState.Standby);
            return error;
        }

        Backend.SetGone();
        await SaveAsync(_record.Settled() with { HasMachine = false, StoppedAt = _time.GetUtcNow(), Stop = StopClassifier.StartFailed(error) });
        SetState(InstanceState.Stopped);
        return error;
    }

    // In turn: a frozen machine goes on. One that was frozen before its ports were open says when they are.
    private void GoOn(LaunchedMachine machine, bool ready = true)
    {
        Attach(machine);
        NoteTimings(machine);
        _entrypointUp = true;
        if (!ready)
        {
            return;
        }

        _openPorts.UnionWith(_watchedPorts);
        BecomeRunning();
    }

    private void Attach(LaunchedMachine launched)
    {
        _stopSignal = launched.StopSignal;
        (_machine, _isBoosted) = (launched.Machine, true);
        _work.Begin(() => FollowAsync(launched.Machine));
    }

    private void NoteTimings(LaunchedMachine launched)
    {
        var timings = launched.Machine.Timings;
        _record = _record with { Timings = _record.Timings with { Vmm = timings.Start, Load = timings.Load, Ready = timings.Ready } };
    }

    private void ResetProgress()
    {
        _entrypointUp = false;
        _hint = null;
        _openPorts.Clear();
        _holds = 0;
    }

    private void CallOffLaunch()
    {
        _launching?.Cancel();
        _launching?.Dispose();
        _launching = null;
    }
}
