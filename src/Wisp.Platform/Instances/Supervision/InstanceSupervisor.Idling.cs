using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

// While it is awake: watches for the moment when nobody needs it.
internal sealed partial class InstanceSupervisor
{
    private const int LooksAtWork = 4;
    private static readonly TimeSpan WorkInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWorkInterval = TimeSpan.FromMilliseconds(500);

    private readonly StateSignal _holdsChanged = new();
    private CancellationTokenSource? _awake;

    // How many applications in the guest hold it awake. Written in turn, read at any time.
    private ulong _holds;

    // In turn.
    private void WatchIdleness()
    {
        StopIdleWatch();
        Backend.ParksSilent = _record.ScaleToZero.Policy == ScaleToZeroPolicy.Idle;
        if (_record.ScaleToZero.Policy != ScaleToZeroPolicy.Off)
        {
            _awake = CancellationTokenSource.CreateLinkedTokenSource(_letGo.Token);
            var cancellation = _awake.Token;
            _work.Begin(() => WatchIdlenessAsync(cancellation));
        }
    }

    private async Task WatchIdlenessAsync(CancellationToken cancellation)
    {
        var settings = _record.ScaleToZero;
        var quiet = settings.Cooldown - settings.Notify;
        var interval = WorkInterval;
        while (true)
        {
            await IdleWatch.UntilIdleAsync(Backend, quiet, _time, cancellation);
            // What is held may be so for long, and somebody may come meanwhile.
            if (await WasHeldAsync(cancellation))
            {
                continue;
            }

            if (await WasWorkingAsync(cancellation))
            {
                // One that computes for long is looked at less and less often.
                interval = interval * 2 > LongestWorkInterval ? LongestWorkInterval : interval * 2;
                await Task.Delay(interval, _time, cancellation);
                continue;
            }

            interval = WorkInterval;
            if (!await WasNotifiedAsync(settings.Notify, cancellation))
            {
                continue;
            }

            await _turn.WaitAsync(cancellation);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                if (State != InstanceState.Running || _machine is null or { State: MachineState.Exited })
                {
                    return;
                }

                if (_holds == 0 && ((await FallAsleepAsync(byUser: false, quiet)).Failed(out _, out var asleep) || asleep))
                {
                    return;
                }
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task<bool> WasHeldAsync(CancellationToken cancellation)
    {
        var held = false;
        while (true)
        {
            var next = _holdsChanged.Next;
            if (Volatile.Read(ref _holds) == 0)
            {
                return held;
            }

            held = true;
            await next.WaitAsync(cancellation);
        }
    }

    // Who has said something in a parked connection waits for the answer. A guest that has had no processor to give it, or takes longer
    // than the cooldown, is silent but not idle; put to sleep, nothing would wake it again.
    private async Task<bool> WasWorkingAsync(CancellationToken cancellation)
    {
        for (var look = 0; look < LooksAtWork; look++)
        {
            if (Backend.Parked == 0 || _machine is not { } machine)
            {
                return false;
            }

            // Time for a guest that has just been handed something to begin.
            await Task.Delay(WorkInterval, _time, cancellation);
            if (machine.IsWorking || Backend.OwesGuest)
            {
                return true;
            }
        }

        return false;
    }

    // False when somebody came meanwhile: then the guest is told again the next time.
    private async Task<bool> WasNotifiedAsync(TimeSpan notify, CancellationToken cancellation)
    {
        if (notify <= TimeSpan.Zero || _machine is not { } machine)
        {
            return true;
        }

        var served = Backend.Total;
        if ((await machine.TellAsync(new GuestNews.SleepComing(notify), cancellation)).Failed(out var error))
        {
            _logger.Trouble(_record.Name, _record.Uuid, "telling its guest that it will sleep", error);
        }

        await Task.Delay(notify, _time, cancellation);
        // Whoever came, and whoever said something in a connection that was there.
        return Backend.Total == served && Backend.Idle >= notify;
    }

    // In turn.
    private void SetHolds(ulong holds)
    {
        Volatile.Write(ref _holds, holds);
        _holdsChanged.Raise();
    }

    private void StopIdleWatch()
    {
        _awake?.Cancel();
        _awake?.Dispose();
        _awake = null;
    }
}
