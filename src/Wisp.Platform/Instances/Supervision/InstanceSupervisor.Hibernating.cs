using Wisp.GuestProtocol;
using Wisp.Machines;
using Wisp.Platform.Instances.Sleep;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Supervision;

// Deep standby: its state is a snapshot and its machine is gone. At each moment either the machine or the snapshot counts, never both:
// a machine that exists is newer, and one that ran leaves a mark.
internal sealed partial class InstanceSupervisor
{
    private readonly WakeMark _mark;
    private IMachine? _leaving;
    private WispError? _freezeFailure;

    /// <summary>Freezes it to disk, if it sleeps and nobody wants it. False when it does not sleep deeply afterwards.</summary>
    public async Task<bool> HibernateAsync()
    {
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            return IsAsleep && (_machine is null || await FreezeAsync());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Freezes it as the node goes down, if its state is to be kept and nothing is in flight after a moment.</summary>
    /// <returns>Whether it sleeps deeply; an error when it sleeps, and its state cannot be written.</returns>
    public async Task<Result<bool>> HibernateForDownAsync(CancellationToken cancellation)
    {
        if (!KeepsMemory || (_record.ScaleToZero.Policy == ScaleToZeroPolicy.Off && !_record.Suspended))
        {
            return false;
        }

        if (Volatile.Read(ref _holds) != 0
            || (State == InstanceState.Running && !(await SuspendAsync(_options.DownDrain, cancellation)).IsSuccess))
        {
            return false;
        }

        _freezeFailure = null;
        return await HibernateAsync() ? true : _freezeFailure is { } failure ? failure : false;
    }

    // In turn. Whatever fails or comes in between, it sleeps on in memory as before.
    private async Task<bool> FreezeAsync()
    {
        if (!KeepsMemory || _holds > 0 || _record.Compatibility is null || _machine is not { State: MachineState.Paused } machine)
        {
            return false;
        }

        using var deepening = _interrupt.Begin(_letGo.Token);
        try
        {
            var layers = KeptLayers.Of(machine.Memory);
            if (_snapshots.Begin(SnapshotKind.Hibernation, layers).Failed(out var error, out var draft))
            {
                NotFrozen(error);
                return false;
            }

            await using (draft)
            {
                if ((await CaptureSleepAsync(machine, draft, layers, deepening.CalledOff)).Failed(out error, out var snapshot))
                {
                    NotFrozen(error);
                    return false;
                }

                var older = _record.Hibernated;
                if (!await WriteDownAsync(snapshot.Uuid, deepening.CalledOff))
                {
                    return false;
                }

                await LeaveMachineAsync(machine);
                if (older is { } dropped)
                {
                    ForgetFrozen(dropped);
                }

                _fleet.Rooms.Engine.Expect(_record.MemoryMb, _record.Vcpus);
                _logger.Hibernated(_record.Name, _record.Uuid, snapshot.OwnBytes);
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            await PauseAgainAsync(machine);
        }
    }

    private void NotFrozen(WispError error)
    {
        _freezeFailure = error;
        _logger.NotHibernated(_record.Name, _record.Uuid, error);
    }

    // It runs for a moment, behind the gateway's back, so that its application can prepare (before-snapshot) and connections that the
    // gateway held open are closed on its side, too.
    private async Task<Result<Snapshot>> CaptureSleepAsync(IMachine machine, SnapshotDraft draft, IReadOnlyList<Guid> layers, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Backend.CloseConnections();
        var request = new CaptureRequest { MemoryPath = draft.MemoryPath, DevicesPath = draft.DevicesPath };
        if ((await machine.ResumeAsync(cancellation)).Failed(out var error)
            || (await machine.CaptureAsync(request, cancellation)).Failed(out error, out var capture))
        {
            return error;
        }

        SayTrouble(capture);
        return await draft.CommitAsync(Freezing.Describe(_record, layers), capture.Extents, cancellation);
    }

    // In turn. False when the machine is still wanted, or it cannot be written down: then the snapshot is not needed.
    private async Task<bool> WriteDownAsync(Guid snapshot, CancellationToken cancellation)
    {
        var before = _record;
        var isWanted = cancellation.IsCancellationRequested;
        if (!isWanted && (await SaveAsync(_record with { Hibernated = snapshot })).IsSuccess)
        {
            // Wanted after all: the snapshot is dropped as the machine is resumed, which comes next.
            return !cancellation.IsCancellationRequested;
        }

        _record = before;
        ForgetFrozen(snapshot);
        return false;
    }

    // In turn: it sleeps on without a machine. What the machine reports from here on, its end, is no news.
    private async Task LeaveMachineAsync(IMachine machine)
    {
        EndSleep();
        _leaving = machine;
        _machine = null;
        await (_record.Suspended ? Backend.EndMachineAsync() : Backend.LoseMachineAsync(isKept: _record.Hibernated is not null));
        await machine.KillAsync();
        // One that sleeps without a machine is still called.
        if ((await (_record.Suspended ? _launcher.ReleaseAsync(_record) : _launcher.RestAsync(_record))).Failed(out var error))
        {
            _logger.Trouble(_record.Name, _record.Uuid, "leaving its network interface", error);
        }

        await machine.DisposeAsync();
        Tidy(_reclaimed.Delete);
        _leaving = null;
        _signal.Raise();
    }

    // In turn. The wake path: nothing is written to the store, and nothing is synced.
    private async Task<Result> ThawAsync(Guid frozen)
    {
        if (TakeLife(_record).Failed(out var error))
        {
            return error;
        }

        ResetProgress();
        if ((await _snapshots.OpenAsync(frozen, await _launcher.DescribeAsync(_letGo.Token), _letGo.Token)).Failed(out error, out var snapshot)
            || (await _launcher.RestoreAsync(_record, snapshot, new GuestRestore(), _watchedPorts, _letGo.Token, () => _mark.Put(frozen)))
                .Failed(out error, out var machine))
        {
            GiveLifeBack();
            // Nothing of a machine is left, so nothing has happened to what it sleeps in.
            Tidy(() => _mark.Remove(frozen));
            return CannotWake(error);
        }

        if (_record.Suspended)
        {
            _record = _record with { Suspended = false, StoppedAt = null, Stop = null };
        }

        GoOn(machine);
        DropFrozenLater(frozen);
        return Result.Success;
    }

    // In turn: the snapshot is the past. It goes once nothing durable names it.
    private void DropFrozenLater(Guid frozen)
    {
        _record = _record with { Hibernated = null };
        _work.Begin(async () =>
        {
            await _turn.WaitAsync(_letGo.Token);
            try
            {
                if ((await SaveAsync(_record)).Failed(out _))
                {
                    return;
                }
            }
            finally
            {
                _turn.Release();
            }

            await DropAsync(frozen);
        });
    }

    // Nothing durable names it any more.
    private void ForgetFrozen(Guid frozen) => _fleet.Work.Begin(() => DropAsync(frozen));

    private async Task DropAsync(Guid frozen)
    {
        await _fleet.Garbage.DropAsync(frozen);
        Tidy(() => _mark.Remove(frozen));
    }

    // Files that stay are deleted when wispd starts; they are no reason to fail.
    private void Tidy(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.Trouble(_record.Name, _record.Uuid, "deleting a file of its sleep", new WispError(ErrorCode.OperationFailed, exception.Message));
        }
    }

    private async Task PauseAgainAsync(IMachine machine)
    {
        if (_machine == machine && machine.State == MachineState.Running && (await machine.PauseAsync(CancellationToken.None)).Failed(out var error))
        {
            // It runs, so it is awake.
            _logger.Trouble(_record.Name, _record.Uuid, "pausing it again", error);
            BecomeRunning();
        }
    }

    private WispError CannotWake(WispError error) => new(
        error.Code,
        $"Instance '{_record.Name}' cannot be woken: {error.Message}",
        $"{(error.NextStep is { } step ? step + " " : "")}To start it without what it had in memory: wisp instances start {_record.Name} --cold",
        error.Help);
}
