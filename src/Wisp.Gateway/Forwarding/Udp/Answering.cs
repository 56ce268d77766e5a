namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>Whether who is sent datagrams answers any: much is said (statistics, logs) to which no answer ever comes. Thread-safe.</summary>
internal sealed class Answering(TimeProvider time)
{
    private long _firstSent;
    private bool _hasAnswered;

    /// <summary>Something is sent.</summary>
    public void Sent()
    {
        if (Volatile.Read(ref _firstSent) == 0)
        {
            Interlocked.CompareExchange(ref _firstSent, time.GetTimestamp(), 0);
        }
    }

    /// <summary>Something is answered.</summary>
    public void Answered() => Volatile.Write(ref _hasAnswered, true);

    /// <summary>Whether an answer can be expected: there was one before, or the first has not taken so long yet.</summary>
    public bool IsLikely(TimeSpan patience) =>
        Volatile.Read(ref _hasAnswered) || (Volatile.Read(ref _firstSent) is not 0 and var first && time.GetElapsedTime(first) < patience);
}
