using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Commands.Services;

/// <summary>What services are asked and serve in a second, from two readings of what is counted. Pure.</summary>
internal static class TrafficRates
{
    private const double Median = 0.5, NinetyNinth = 0.99;

    /// <summary>The rates of one service.</summary>
    /// <param name="before">The earlier reading; null where it was not there.</param>
    /// <param name="now">The later one.</param>
    /// <param name="apart">The time between them.</param>
    public static JsonObject Of(JsonObject? before, JsonObject now, TimeSpan apart)
    {
        var row = new JsonObject();
        foreach (var member in (string[])["name", "uuid", "metro", "domains", "in_flight", "held", "instances", "instances_awake"])
        {
            row[member] = now[member]?.DeepClone();
        }

        // What came between is nobody's where there is nothing to compare with, and where wispd began anew all that there is.
        double Rate(Func<JsonObject, double> count) => before is null ? 0 : Math.Round((count(now) is var later && count(before) is var earlier && later >= earlier ? later - earlier : later) / apart.TotalSeconds, 1);
        row["requests_per_second"] = Rate(item => Sum(item["requests"]) + Number(item["connections"]));
        row["errors_per_second"] = Rate(item => Sum(item["errors"]));
        row["rx_bytes_per_second"] = Rate(item => Number(item["rx_bytes"]));
        row["tx_bytes_per_second"] = Rate(item => Number(item["tx_bytes"]));
        var holds = Between(Buckets(before?["hold_latency"]), Buckets(now["hold_latency"]));
        if (Quantile(holds, Median) is { } median && Quantile(holds, NinetyNinth) is { } high)
        {
            row["hold_p50_ms"] = Math.Round(median, 1);
            row["hold_p99_ms"] = Math.Round(high, 1);
        }

        return row;
    }

    /// <summary>The bound below which a part of a histogram's values is, in between two bounds where it would be if they were spread evenly.</summary>
    /// <param name="buckets">Upper bounds, of which the last is none, with how many are in each.</param>
    /// <param name="part">The part, 0 to 1.</param>
    /// <returns>The value; the last bound for what is above it, and null where there is nothing.</returns>
    public static double? Quantile(IReadOnlyList<(double? Bound, double Count)> buckets, double part)
    {
        var wanted = buckets.Sum(bucket => bucket.Count) * part;
        if (wanted <= 0)
        {
            return null;
        }

        var (below, lower) = (0.0, 0.0);
        foreach (var (bound, count) in buckets)
        {
            if (below + count >= wanted)
            {
                return bound is { } upper ? lower + ((upper - lower) * (wanted - below) / count) : lower;
            }

            (below, lower) = (below + count, bound ?? lower);
        }

        return lower;
    }

    private static IReadOnlyList<(double? Bound, double Count)> Between(IReadOnlyList<(double? Bound, double Count)> before, IReadOnlyList<(double? Bound, double Count)> now) =>
        before.Count != now.Count ? [] : [.. now.Zip(before, (after, earlier) => (after.Bound, after.Count >= earlier.Count ? after.Count - earlier.Count : after.Count))];

    private static IReadOnlyList<(double? Bound, double Count)> Buckets(JsonNode? histogram) =>
        [.. (histogram as JsonArray ?? []).OfType<JsonObject>().Select(bucket => (bucket["bucket_ms"] is { } bound ? FieldText.Number(bound) : null, Number(bucket["count"])))];

    private static double Sum(JsonNode? members) => (members as JsonObject ?? []).Sum(member => Number(member.Value));

    private static double Number(JsonNode? value) => value is null ? 0 : FieldText.Number(value) ?? 0;
}
