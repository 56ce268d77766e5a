namespace Wisp.Platform.Instances.Sleep;

/// <summary>
/// Lets who wants a machine call off what deepens its sleep, however far that is. Whoever wants it says so before taking a turn; whoever
/// deepens its sleep begins here in turn. So one of the two always sees the other.
/// </summary>
internal sealed class SleepInterrupt
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _deepening;
    private int _wanted;

    /// <summary>Says that the machine is wanted, until it is disposed.</summary>
    public Wish Want()
    {
        lock (_gate)
        {
            _wanted++;
            // It is cancelled when this returns; what follows from that does not run here, under the lock.
            _ = _deepening?.CancelAsync();
        }

        return new Wish(this);
    }

    /// <summary>Begins to deepen the sleep. In turn, one at a time.</summary>
    /// <param name="also">Calls it off, too.</param>
    public Deepening Begin(CancellationToken also)
    {
        var deepening = CancellationTokenSource.CreateLinkedTokenSource(also);
        lock (_gate)
        {
            _deepening = deepening;
            if (_wanted > 0)
            {
                _ = deepening.CancelAsync();
            }
        }

        return new Deepening(this, deepening);
    }

    /// <summary>A wish for a machine.</summary>
    public readonly struct Wish(SleepInterrupt interrupt) : IDisposable
    {
        /// <summary>It is fulfilled, or given up.</summary>
        public void Dispose()
        {
            lock (interrupt._gate)
            {
                interrupt._wanted--;
            }
        }
    }

    /// <summary>A sleep that deepens.</summary>
    public sealed class Deepening(SleepInterrupt interrupt, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Cancelled, perhaps from the beginning, when somebody wants the machine.</summary>
        public CancellationToken CalledOff { get; } = source.Token;

        /// <summary>It is over.</summary>
        public void Dispose()
        {
            lock (interrupt._gate)
            {
                interrupt._deepening = null;
                source.Dispose();
            }
        }
    }
}
