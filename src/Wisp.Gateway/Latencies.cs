namespace Wisp.Gateway;

/// <summary>How long things of one kind took, such as the wakes of an instance: how many within each power of two of milliseconds.</summary>
public sealed class Latencies
{
    /// <summary>Upper bounds of the buckets in milliseconds; what is above the last goes into one more.</summary>
    public static IReadOnlyList<int> Bounds { get; } = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    private readonly long[] _counts = new long[Bounds.Count + 1];
    private long _ticks;

    /// <summary>Of none so far.</summary>
    public Latencies()
    {
    }

    /// <summary>As they were once counted.</summary>
    /// <param name="counts">How many are in each bucket.</param>
    /// <param name="sum">How long all of them took together.</param>
    public Latencies(IReadOnlyList<long> counts, TimeSpan sum)
    {
        foreach (var (bucket, count) in counts.Take(_counts.Length).Index())
        {
            _counts[bucket] = count;
        }

        _ticks = sum.Ticks;
    }

    /// <summary>How long all of them took together.</summary>
    public TimeSpan Sum => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <summary>Counts one.</summary>
    public void Add(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < Bounds.Count && took.TotalMilliseconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, took.Ticks);
    }

    /// <summary>How many are in each bucket, and not in one before; one more than there are bounds.</summary>
    public IReadOnlyList<long> Counts() => [.. _counts.Select((_, bucket) => Volatile.Read(ref _counts[bucket]))];
}
