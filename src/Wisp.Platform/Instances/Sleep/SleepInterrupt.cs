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
        CancellationTokenSource? deepening;
        lock (_gate)
        {
            _wanted++;
            deepening = _deepening;
        }

        deepening?.Cancel();
        return new Wish(this);
    }

    /// <summary>Begins to deepen the sleep: cancelled, perhaps at once, when somebody wants the machine. In turn, one at a time.</summary>
    public CancellationTokenSource Begin(CancellationToken also)
    {
        // Never disposed of while it may be cancelled from outside, and it has no timer: nothing is lost by leaving it to the collector.
        var deepening = CancellationTokenSource.CreateLinkedTokenSource(also);
        lock (_gate)
        {
            _deepening = deepening;
            if (_wanted == 0)
            {
                return deepening;
            }
        }

        deepening.Cancel();
        return deepening;
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
}
