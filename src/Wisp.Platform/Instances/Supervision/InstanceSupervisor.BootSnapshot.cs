using Wisp.Machines;
using Wisp.Platform.Instances.Boots;
using Wisp.Platform.Instances.Sleep;
using Wisp.Snapshots;
using Wisp.Snapshots.Memory;

namespace Wisp.Platform.Instances.Supervision;

// The first start of an image is frozen once it is up, so that no later one boots. Whatever goes wrong, the instance goes on.
internal sealed partial class InstanceSupervisor
{
    // In turn: a boot that others wait for and that is not captured yet.
    private BootFlight? _flight;

    // In turn. It has not taken a request yet: no client's data may be in what others start from.
    private async Task<bool> FreezeBootAsync(IMachine machine, BootFlight flight)
    {
        _flight = null;
        var (draft, capture) = machine.HasAsked ? default : await CaptureBootAsync(machine);
        if (machine.State == MachineState.Paused && (await machine.ResumeAsync(CancellationToken.None)).Failed(out var error))
        {
            _logger.Trouble(_record.Name, _record.Uuid, "resuming it after it was frozen", error);
        }

        if (draft is not null && capture is not null)
        {
            _fleet.Work.Begin(() => CommitBootAsync(machine, draft, capture, flight));
        }
        else
        {
            flight.Abandon();
        }

        return machine.State == MachineState.Running;
    }

    private async Task<(SnapshotDraft? Draft, MachineCapture? Capture)> CaptureBootAsync(IMachine machine)
    {
        if (_snapshots.Begin(SnapshotKind.Boot).Failed(out var error, out var draft))
        {
            _logger.NoBootSnapshot(_record.Name, _record.Uuid, error);
            return default;
        }

        try
        {
            var request = new CaptureRequest { MemoryPath = draft.MemoryPath, DevicesPath = draft.DevicesPath, Precopy = true };
            if (!(await machine.CaptureAsync(request, _letGo.Token)).Failed(out error, out var capture))
            {
                SayTrouble(capture);
                if (machine.HasAsked)
                {
                    // Meanwhile, and before it was captured: whoever starts from it would wait for what another asked.
                    await draft.DisposeAsync();
                    return default;
                }

                // So that this machine shares its memory with those that start from it. If that fails, the snapshot is as good.
                if ((await machine.RebaseAsync(new MachineMemory([new MemoryLayer(draft.MemoryPath, capture.Extents)], 0), CancellationToken.None)).Failed(out error))
                {
                    _logger.Trouble(_record.Name, _record.Uuid, "laying its memory onto its boot snapshot", error);
                }

                return (draft, capture);
            }

            _logger.NoBootSnapshot(_record.Name, _record.Uuid, error);
        }
        catch (OperationCanceledException)
        {
            // wispd lets go of its machines.
        }

        await draft.DisposeAsync();
        return default;
    }

    // Not in turn: it takes as long as the disk does, and goes on when the instance is deleted.
    private async Task CommitBootAsync(IMachine machine, SnapshotDraft draft, MachineCapture capture, BootFlight flight)
    {
        try
        {
            await using (draft)
            {
                var manifest = Freezing.Describe(_record, []) with { Key = flight.Key };
                if ((await draft.CommitAsync(manifest, capture.Extents, _fleet.Stopping)).Failed(out var error, out var snapshot))
                {
                    _logger.NoBootSnapshot(_record.Name, _record.Uuid, error);
                    return;
                }

                flight.Complete(snapshot.Uuid);
                await KeepAsync(machine, draft.MemoryPath, snapshot);
            }
        }
        finally
        {
            // Without effect where it is complete.
            flight.Abandon();
        }

        _fleet.Rooms.Engine.Expect(_record.MemoryMb, _record.Vcpus);
        await _fleet.Boots.TrimAsync(_fleet.Stopping);
    }

    private async Task KeepAsync(IMachine machine, string draft, Snapshot snapshot)
    {
        await _turn.WaitAsync(_fleet.Stopping);
        try
        {
            // It may lie on something else by now, or be gone.
            if (_machine == machine && machine.Memory is { Kept: 0, Layers: [{ Path: var path }] } && path == draft)
            {
                machine.Keep(new MachineMemory(snapshot.Layers, snapshot.Layers.Count));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // Nothing says when an application without a port is ready; one that lives for a moment is taken to be.
    private async Task FreezeBootLaterAsync(IMachine machine, BootFlight flight)
    {
        try
        {
            await Task.Delay(_options.BootSnapshotSettle, _time, _letGo.Token);
            await _turn.WaitAsync(_letGo.Token);
            try
            {
                if (_flight != flight || _machine != machine || State != InstanceState.Running)
                {
                    flight.Abandon();
                }
                else if (!await FreezeBootAsync(machine, flight))
                {
                    SleepOn();
                }
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            flight.Abandon();
        }
    }

    // In turn. A guest that forks knows of its children, and one that asked for something waits for it: nobody else may begin as that.
    private void GiveUpBootSnapshot()
    {
        _flight?.Abandon();
        _flight = null;
    }

    // In turn: it stands still though nobody put it to sleep. The next request or start tries to resume it again.
    private void SleepOn()
    {
        StopIdleWatch();
        Backend.SetAsleep();
        SetState(InstanceState.Standby);
        BeginSleep();
    }

    private void SayTrouble(MachineCapture capture)
    {
        if (capture.Trouble is { } trouble)
        {
            _logger.HookTrouble(_record.Name, _record.Uuid, trouble);
        }
    }
}
