namespace Wisp.Bench.Measuring;

/// <summary>Exact quantiles, by nearest rank: always a value that was measured. Pure.</summary>
public static class Quantile
{
    /// <summary>The smallest value that is not below the given percentage of the sample.</summary>
    /// <param name="sorted">The sample, ascending, not empty.</param>
    /// <param name="percent">1 to 100.</param>
    public static double Of(IReadOnlyList<double> sorted, int percent)
    {
        // Whole numbers: 0.07 * 100 is more than 7 in floating point, which would be the next rank.
        var rank = ((long)percent * sorted.Count + 99) / 100;
        return sorted[(int)rank - 1];
    }

    /// <summary>The one in the middle.</summary>
    /// <param name="values">The sample, in any order, not empty.</param>
    public static double Median(IEnumerable<double> values) => Of([.. values.Order()], 50);
}
