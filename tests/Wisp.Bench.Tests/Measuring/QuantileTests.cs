using CsCheck;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class QuantileTests
{
    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(1, 99, 1)]
    [InlineData(2, 50, 1)]
    [InlineData(100, 50, 50)]
    [InlineData(100, 90, 90)]
    [InlineData(100, 99, 99)]
    [InlineData(100, 100, 100)]
    [InlineData(101, 50, 51)]
    // 0.07 * 100 is 7.000000000000001.
    [InlineData(100, 7, 7)]
    public void It_is_the_nearest_rank(int count, int percent, double expected)
    {
        Assert.Equal(expected, Quantile.Of([.. Enumerable.Range(1, count).Select(i => (double)i)], percent));
    }

    [Fact]
    public void At_least_so_many_percent_are_not_above_it_and_it_is_the_smallest_such_value()
    {
        Gen.Select(Gen.Double[0, 1000].Array[1, 300], Gen.Int[1, 100]).Sample((values, percent) =>
        {
            var quantile = Quantile.Of([.. values.Order()], percent);
            return values.Contains(quantile)
                && values.Count(value => value <= quantile) * 100 >= percent * values.Length
                && values.Count(value => value < quantile) * 100 < percent * values.Length;
        });
    }
}
