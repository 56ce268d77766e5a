using Wisp.Machines;
using Wisp.Platform.Frozen;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private const int LongestLineage = 128;

    private int _pendingSnapshots;

    /// <summary>True while a snapshot of it is being written.</summary>
    public bool HasPendingSnapshot => Volatile.Read(ref _pendingSnapshots) > 0;

    /// <summary>
    /// Freezes what it is at this moment; it goes on as if nothing had been. One that has no machine is what it would be woken or started
    /// from. Dispose of the result once somebody else refers to its snapshot.
    /// </summary>
    /// <param name="kind">What for.</param>
    /// <param name="refuse">The error for a state in which this cannot be.</param>
    public async Task<Result<InstanceOrigin>> FreezeAsync(SnapshotKind kind, Func<InstanceState, WispError> refuse)
    {
        InstanceRecord record;
        MachineFreezer.Captured captured;
        Interlocked.Increment(ref _pendingSnapshots);
        // A sleep that is being deepened just now is called off.
        using var wish = _interrupt.Want();
        try
        {
            await _turn.WaitAsync(_letGo.Token);
            try
            {
                record = _record;
                if (CannotFreeze() is { } state)
                {
                    return state is InstanceState.Deleted or InstanceState.Template ? NotThere() : refuse(state);
                }

                if (_machine is not { } machine)
                {
                    return Resting(record);
                }

                if ((await CaptureAsync(machine, kind, runOn: State == InstanceState.Running)).Failed(out var failed, out captured!))
                {
                    return failed;
                }
            }
            finally
            {
                _turn.Release();
            }

            // Out of turn: what is captured does not change any more, and nobody has to wait for the disk to be woken.
            return (await captured.CommitAsync()).Failed(out var error, out _)
                ? error
                : new InstanceOrigin { Source = record, Snapshot = captured.Draft.Id, Lineage = record.Lineage, Hold = captured.Draft };
        }
        finally
        {
            Interlocked.Decrement(ref _pendingSnapshots);
        }
    }

    /// <summary>Writes down a checkpoint of it, and that it descends from it now.</summary>
    public async Task<Result> RememberAsync(FrozenRecord checkpoint)
    {
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            if (State is InstanceState.Deleted or InstanceState.Template)
            {
                return await _records.CommitAsync(RecordStore.Put(checkpoint));
            }

            var record = _record with
            {
                Lineage = [new Ancestor(checkpoint.Uuid, checkpoint.Name, checkpoint.CreatedAt), .. _record.Lineage.Take(LongestLineage - 1)],
            };
            var result = await _records.CommitAsync(RecordStore.Put(checkpoint), RecordStore.Put(record));
            if (result.IsSuccess)
            {
                _record = record;
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Ends as an instance and goes on as a template, in one commit: a crash before it leaves the instance as it was, one after it the
    /// template. On failure it runs or sleeps on. The result's hold is to be disposed once the template is in the catalogue.
    /// </summary>
    /// <param name="describe">The template of what was frozen.</param>
    public async Task<Result<(FrozenRecord Template, InstanceOrigin Frozen)>> BecomeTemplateAsync(Func<InstanceOrigin, FrozenRecord> describe)
    {
        using var wish = _interrupt.Want();
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            if (CannotFreeze() is { } state)
            {
                return state is InstanceState.Deleted or InstanceState.Template ? NotThere() : WrongState("made a template");
            }

            var before = Backend.State;
            // No request may change it from here on.
            Backend.SetGone();
            if ((await FreezeForGoodAsync()).Failed(out var error, out var frozen))
            {
                await GoOnAsync(before);
                return error;
            }

            var template = describe(frozen);
            if ((await _records.CommitAsync(RecordStore.Delete(_record), RecordStore.Put(template))).Failed(out error))
            {
                await frozen.DisposeAsync();
                await GoOnAsync(before);
                return error;
            }

            CallOffRestart();
            await EndAsTemplateAsync();
            return (template, frozen);
        }
        finally
        {
            _turn.Release();
        }
    }

    // In turn.
    private async Task<Result<InstanceOrigin>> FreezeForGoodAsync()
    {
        if (_machine is not { } machine)
        {
            return Resting(_record);
        }

        return (await CaptureAsync(machine, SnapshotKind.Template, runOn: false)).Failed(out var error, out var captured)
            || (await captured.CommitAsync()).Failed(out error, out _)
            ? error
            : new InstanceOrigin { Source = _record, Snapshot = captured.Draft.Id, Lineage = _record.Lineage, Hold = captured.Draft };
    }

    // In turn. One that sleeps runs for a moment, behind the gateway's back, so that its application can prepare for it.
    private async Task<Result<MachineFreezer.Captured>> CaptureAsync(IMachine machine, SnapshotKind kind, bool runOn)
    {
        if (_record.Compatibility is null)
        {
            return new WispError(
                ErrorCode.CannotBeUsed, $"Instance '{_record.Name}' was started by a wispd that froze nothing.", $"Start it anew first: wisp instances stop {_record.Name}");
        }

        if (State != InstanceState.Running)
        {
            Backend.CloseConnections();
            // What it was about to be frozen to is the past once it runs.
            WispError? error;
            if (_record.Hibernated is { } stale && _mark.TryPut(stale).Failed(out error)
                || (await machine.ResumeAsync(CancellationToken.None)).Failed(out error))
            {
                return error;
            }

            if (_record.Hibernated is { } past)
            {
                DropFrozenLater(past);
            }

            Tidy(_reclaimed.Delete);
        }

        var captured = await _fleet.Freezer.CaptureAsync(_record, machine, _openPorts, kind, runOn);
        if (State != InstanceState.Running)
        {
            await PauseAgainAsync(machine);
        }

        if (captured.IsSuccess)
        {
            SayTrouble(captured.Value.Capture);
        }

        return captured;
    }

    // In turn. What has no machine is kept in a snapshot already, or has never run.
    private InstanceOrigin Resting(InstanceRecord record)
    {
        var snapshot = record.Hibernated ?? record.Origin;
        return new InstanceOrigin
        {
            Source = record,
            Snapshot = snapshot,
            // What it would be started from has that write still to return.
            Ticket = record.Hibernated is null ? record.TemplateTicket : null,
            Lineage = record.Lineage,
            Hold = snapshot is { } kept ? _fleet.Freezer.Holds.Take(kept) : null,
        };
    }

    // In turn: the state that does not allow it, or null.
    private InstanceState? CannotFreeze() => State switch
    {
        InstanceState.Running or InstanceState.Standby or InstanceState.Stopped when _removal is null => null,
        InstanceState.Running or InstanceState.Standby or InstanceState.Stopped => InstanceState.Deleted,
        var state => state,
    };

    // In turn: the capture has left its machine paused.
    private async Task GoOnAsync(Gateway.BackendState before)
    {
        if (before == Gateway.BackendState.Awake)
        {
            if (_machine is { } machine && (await machine.ResumeAsync(CancellationToken.None)).Failed(out var error))
            {
                _logger.Trouble(_record.Name, _record.Uuid, "resuming it", error);
            }

            Backend.SetAwake();
        }
        else if (before == Gateway.BackendState.Asleep)
        {
            Backend.SetAsleep();
        }
    }

    // In turn. Its record is gone: should wispd die in here, the next one finds a directory without a record and ends what is left.
    private async Task EndAsTemplateAsync()
    {
        StopIdleWatch();
        EndSleep();
        GiveUpBootSnapshot();
        var machine = _machine;
        _machine = null;
        SetState(InstanceState.Template);
        _signal.Raise();
        if (machine is not null)
        {
            await Backend.EndMachineAsync();
            await machine.KillAsync();
            await machine.DisposeAsync();
            Tidy(_reclaimed.Delete);
        }

        await ReleaseAsync();
    }
}
