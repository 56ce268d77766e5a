namespace Wisp.Gateway.Tests;

public sealed class LatenciesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1.01, 1)]
    [InlineData(2, 1)]
    [InlineData(100, 7)]
    [InlineData(4096, 12)]
    [InlineData(4097, 13)]
    [InlineData(1e9, 13)]
    public void A_wake_is_counted_once_below_its_bound(double milliseconds, int bucket)
    {
        var latencies = new Latencies();
        latencies.Add(TimeSpan.FromMilliseconds(milliseconds));
        var counts = latencies.Counts();
        Assert.Equal(Latencies.Bounds.Count + 1, counts.Count);
        Assert.Equal((1, 1), (counts[bucket], counts.Sum()));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), latencies.Sum);
    }

    [Fact]
    public void Each_bound_is_twice_the_one_before() =>
        Assert.All(Latencies.Bounds.Zip(Latencies.Bounds.Skip(1)), pair => Assert.Equal(pair.First * 2, pair.Second));
}
