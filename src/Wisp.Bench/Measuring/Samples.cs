namespace Wisp.Bench.Measuring;

/// <summary>What was measured again and again. What failed is counted and has no time.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];
    private int _failed;

    public int Failed => _failed;

    public int Count => _milliseconds.Count;

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    public void Fail() => _failed++;

    /// <summary>A time that the platform tells; one that it does not tell has failed.</summary>
    public void AddMicroseconds(long? microseconds)
    {
        if (microseconds is { } given)
        {
            Add(TimeSpan.FromMicroseconds(given));
        }
        else
        {
            Fail();
        }
    }

    /// <summary>The answer to a request that woke an instance; one that waited for no wake measures something else, and has failed.</summary>
    public void AddWake((TimeSpan Time, ServerTiming? Timing)? answer)
    {
        if (answer is { Timing: not null, Time: var time })
        {
            Add(time);
        }
        else
        {
            Fail();
        }
    }

    /// <summary>The series.</summary>
    public Series ToSeries(string name)
    {
        var sorted = _milliseconds.Order().ToArray();
        double? At(int percent) => sorted.Length == 0 ? null : Math.Round(Quantile.Of(sorted, percent), 3);
        return new Series
        {
            Name = name,
            Unit = Units.Milliseconds,
            N = sorted.Length,
            P50 = At(50),
            P90 = At(90),
            P99 = At(99),
            Max = At(100),
            Failed = _failed,
        };
    }
}
