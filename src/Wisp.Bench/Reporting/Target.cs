using System.Globalization;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Reporting;

/// <summary>What a figure has to reach on the machines that SPECIFICATION.md names.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Statistic"><c>p50</c>, <c>p99</c> or <c>value</c>.</param>
/// <param name="Relation"><c>&lt;=</c>, <c>&lt;</c>, <c>&gt;=</c> or <c>=</c>.</param>
/// <param name="Limit">The number.</param>
internal sealed record Target(string Series, string Statistic, string Relation, double Limit)
{
    private static readonly Target[] All =
    [
        new("wake.paused.first_byte", "p50", "<=", 8),
        new("wake.paused.first_byte", "p99", "<=", 20),
        new("wake.paused.added", "p50", "<=", 2),
        new("wake.paused.cpu_percent", "value", "<=", 0),
        new("wake.storm.wakes", "value", "=", 1),
        new("wake.storm.failed", "value", "=", 0),
        new("wake.reclaimed.first_byte", "p50", "<=", 60),
        new("wake.hibernated.running", "p50", "<=", 15),
        new("wake.hibernated.first_byte", "p50", "<=", 140),
        new("hibernated.rss_mib", "value", "=", 0),
        new("template.clone.running", "p50", "<=", 15),
        new("template.clone.first_byte", "p50", "<=", 140),
        new("template.clone100.seconds", "value", "<=", 12),
        new("template.clone100.rss_mib", "value", "<=", 100 * 40),
        new("template.clone100.failed", "value", "=", 0),
        new("services.burst.running", "p50", "<=", 3000),
        new("services.burst.failed", "value", "=", 0),
        new("services.http.ratio_haproxy", "value", ">=", 0.7),
        new("services.http.p99_ratio_haproxy", "value", "<=", 2),
        new("services.https.ratio_haproxy", "value", ">=", 0.7),
        new("services.https.p99_ratio_haproxy", "value", "<=", 2),
        new("services.sleepers100.answer", "p99", "<=", 2000),
        new("services.sleepers100.clients50.answer", "p99", "<=", 2000),
        new("services.sleepers100.failed", "value", "=", 0),
        new("services.domains20000.lookup_ratio", "value", "<=", 1.1),
        new("services.domains20000.update_ratio", "value", "<=", 1.1),
        new("services.idle10000.rss_mib", "value", "<", 300),
        new("services.idle10000.failed", "value", "=", 0),
        new("services.rounds.failed", "value", "=", 0),
        new("fork.pause", "p50", "<=", 10),
        new("checkpoint.pause", "p50", "<=", 10),
        new("cli.version", "p50", "<", 30),
        new("cli.help", "p50", "<", 30),
        new("api.create", "p50", "<=", 10),
        new("api.list1000", "p50", "<=", 15),
        new("api.clients200", "p99", "<=", 150),
        new("api.stopped10000.ready_seconds", "value", "<=", 3),
        new("api.stopped10000.rss_mib", "value", "<=", 300),
        new("idle.cpu_percent", "value", "<", 1),
        new("idle.wispd_rss_mib", "value", "<", 150),
        new("gateway.overhead", "p50", "<=", 0.5),
        new("gateway.throughput.ratio_direct", "value", ">=", 0.6),
    ];

    /// <summary>The targets of a series.</summary>
    public static IEnumerable<Target> Of(Series series) => All.Where(target => target.Series == series.Name);

    /// <summary>Whether the series reaches it; one without a figure does not.</summary>
    public bool IsMetBy(Series series)
    {
        var figure = Statistic switch { "p50" => series.P50, "p99" => series.P99, _ => series.Value };
        return Relation switch
        {
            "<=" => figure <= Limit,
            "<" => figure < Limit,
            ">=" => figure >= Limit,
            _ => figure == Limit,
        };
    }

    /// <summary>E.g. <c>p50 &lt;= 10</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Statistic == "value" ? "" : Statistic + " ")}{Relation} {Limit}");
}
