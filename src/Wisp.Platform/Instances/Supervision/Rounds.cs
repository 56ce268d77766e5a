namespace Wisp.Platform.Instances.Supervision;

/// <summary>Going round: a look at what there is to do, then a wait until something changes or it is time for the next.</summary>
internal static class Rounds
{
    /// <summary>Goes round until it is called off, or a look fails in a way that nobody foresaw.</summary>
    /// <param name="changed">Calls for a look; one that comes during a look is answered by another.</param>
    /// <param name="look">Does what is to be done, and says how long there is nothing after it.</param>
    /// <param name="failed">Hears of the failure.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Calls it off.</param>
    public static async Task GoAsync(StateSignal changed, Func<ValueTask<TimeSpan>> look, Action<Exception> failed, TimeProvider time, CancellationToken cancellation)
    {
        // Off the stack of who raises the signal: that may be in an instance's turn, or in the catalogue's.
        await Task.Yield();
        try
        {
            while (true)
            {
                var next = changed.Next;
                var wait = await look();
                try
                {
                    await next.WaitAsync(wait, time, cancellation);
                }
                catch (TimeoutException)
                {
                    // It is time for one.
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The platform closes.
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}
