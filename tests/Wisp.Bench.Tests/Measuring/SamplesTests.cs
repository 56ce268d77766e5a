using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class SamplesTests
{
    [Fact]
    public void What_failed_is_counted_and_has_no_time()
    {
        var samples = new Samples();
        for (var i = 10; i >= 1; i--)
        {
            samples.Add(TimeSpan.FromMilliseconds(i));
        }

        samples.Fail();
        Assert.Equal(
            new Series { Name = "x", Unit = "ms", N = 10, P50 = 5, P90 = 9, P99 = 10, Max = 10, Failed = 1 },
            samples.ToSeries("x"));
    }

    [Fact]
    public void Nothing_measured_gives_no_figures_rather_than_zeroes()
    {
        var samples = new Samples();
        samples.Fail();
        Assert.Equal(new Series { Name = "x", Unit = "ms", N = 0, Failed = 1 }, samples.ToSeries("x"));
    }
}
