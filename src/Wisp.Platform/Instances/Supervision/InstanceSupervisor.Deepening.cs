using Wisp.Machines;
using Wisp.Platform.Instances.Sleep;
using Wisp.Snapshots.Memory;

namespace Wisp.Platform.Instances.Supervision;

// While it sleeps in memory: after a while its RAM goes back to the host, and after a longer while its process ends.
internal sealed partial class InstanceSupervisor
{
    private readonly SleepInterrupt _interrupt = new();
    private readonly ReclaimFile _reclaimed;
    private CancellationTokenSource? _asleep;

    // A stateless instance keeps nothing when it scales to zero; what a user suspends keeps its state whatever its policy would be.
    private bool KeepsMemory => _record.ScaleToZero is { Policy: ScaleToZeroPolicy.Off } or { Stateful: true };

    private bool IsAsleep => State == InstanceState.Standby || (State == InstanceState.Stopped && _record.Suspended);

    // In turn.
    private void BeginSleep()
    {
        EndSleep();
        _asleep = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
        var awake = _asleep.Token;
        _work.Begin(() => DeepenAsync(awake));
        _fleet.Pressure.Add(this);
    }

    private void EndSleep()
    {
        _fleet.Pressure.Remove(this);
        _asleep?.Cancel();
        _asleep?.Dispose();
        _asleep = null;
    }

    private async Task DeepenAsync(CancellationToken awake)
    {
        var left = _options.HibernateAfter;
        if (_options.ReclaimAfter < left)
        {
            await Task.Delay(_options.ReclaimAfter, _time, awake);
            left -= _options.ReclaimAfter;
            await _turn.WaitAsync(awake);
            try
            {
                awake.ThrowIfCancellationRequested();
                await ReclaimAsync();
            }
            finally
            {
                _turn.Release();
            }
        }

        do
        {
            await Task.Delay(left, _time, awake);
            left = _options.HibernateAfter;
        }
        while (!await HibernateAsync());
    }

    // In turn. It stays asleep all the time, and is not prepared: it goes on as the same machine.
    private async Task ReclaimAsync()
    {
        if (!IsAsleep || _reclaimed.Exists || _machine is not { State: MachineState.Paused } machine)
        {
            return;
        }

        using var deepening = _interrupt.Begin(_letGo.Token);
        var isDone = false;
        try
        {
            Tidy(_reclaimed.Delete);
            var memory = machine.Memory;
            var request = new CaptureRequest { MemoryPath = _reclaimed.NewPath, DevicesPath = _reclaimed.DevicesPath, PrepareTimeout = TimeSpan.Zero };
            if ((await machine.CaptureAsync(request, deepening.CalledOff)).Failed(out var error, out var capture)
                || (await machine.RebaseAsync(
                    new MachineMemory([.. memory.Layers.Take(memory.Kept), new MemoryLayer(_reclaimed.NewPath, capture.Extents)], memory.Kept), CancellationToken.None)).Failed(out error))
            {
                _logger.Trouble(_record.Name, _record.Uuid, "giving its memory back to the host", error);
                return;
            }

            isDone = true;
        }
        catch (OperationCanceledException)
        {
            // Somebody wants it.
        }
        finally
        {
            Tidy(isDone ? _reclaimed.Complete : _reclaimed.Delete);
        }
    }
}
