using System.Text.Json.Nodes;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary><c>wisp services top</c>: rates from two readings.</summary>
public sealed class TopTests
{
    private static readonly (double?, double)[] Buckets = [(1, 10), (2, 0), (4, 80), (8, 9), (null, 1)];

    [Fact]
    public async Task It_reads_twice_and_shows_what_came_between()
    {
        await using var api = await CannedApi.StartAsync(Reading(100, 3, 1024, 0), Reading(150, 4, 1024 * 11, 5));
        var run = await api.RunAsync("services", "top", "web", "--interval", "100ms");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.All(api.Requests, request => Assert.Equal(("GET", "/v1/services/metrics", """[{"name":"web"}]"""), (request.Method, request.Path, request.Body)));
        Assert.Equal(2, api.Requests.Count);
        Assert.Equal(["SERVICE", "REQ/S", "OPEN", "HELD", "P50", "HOLD", "P99", "HOLD", "ERR/S", "IN/S", "OUT/S", "AWAKE"], run.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith("1/2", run.Lines[1].TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", "web-3kd93kdl.localhost", "web")]
    [InlineData("gentle-harbor-3kd93kdl", "shop.example.com", "shop.example.com")]
    [InlineData("gentle-harbor-3kd93kdl", "quick-lake-9dk3ldk3.localhost", "gentle-har…-3kd93kdl")]
    [InlineData("gentle-harbor-3kd93kdl", "", "gentle-har…-3kd93kdl")]
    [InlineData("a-name-that-somebody-chose-and-that-is-as-long-as-names-can-be1", "", "a-name-tha…s-can-be1")]
    public async Task A_service_is_called_as_people_know_it_and_the_busiest_fits_a_hundred_columns(string name, string domain, string called)
    {
        string Busy(long count) => Reading(0, 0, 0, 0).Replace("\"name\":\"web\"", $"\"name\":\"{name}\"{(domain == "" ? "" : $$""","domains":[{"fqdn":"{{domain}}"}]""")}", StringComparison.Ordinal)
            .Replace("\"2xx\":0", $"\"2xx\":{count * 1000}", StringComparison.Ordinal).Replace("\"in_flight\":2", "\"in_flight\":1000", StringComparison.Ordinal).Replace("\"held\":1", "\"held\":1000", StringComparison.Ordinal)
            .Replace("\"bucket_ms\":4,\"count\":0", $"\"bucket_ms\":4096,\"count\":{count}", StringComparison.Ordinal).Replace("\"rx_bytes\":0,\"tx_bytes\":0", $"\"rx_bytes\":{count * 50_000_000},\"tx_bytes\":{count * 50_000_000}", StringComparison.Ordinal)
            .Replace("\"limit\":0", $"\"limit\":{count}", StringComparison.Ordinal).Replace("\"instances\":2,\"instances_awake\":1", "\"instances\":100,\"instances_awake\":10", StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(Busy(0), Busy(1));
        var run = await api.RunAsync("services", "top", "--interval", "100ms");
        Assert.StartsWith(called + "  ", run.Lines[1], StringComparison.Ordinal);
        Assert.EndsWith("10/100", run.Lines[1], StringComparison.Ordinal);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 60, 100));
        api.Answer(Busy(0));
        api.Answer(Busy(1));
        Assert.Equal(name + "\n", (await api.RunAsync("services", "top", "--interval", "100ms", "-o", "quiet")).Output);
    }

    [Fact]
    public async Task Programs_get_one_reading_also_from_a_terminal()
    {
        await using var api = await CannedApi.StartAsync(Reading(1, 0, 0, 0), Reading(1, 0, 0, 0));
        var run = await CommandLineRun.StartAsync(api.Environment, ["services", "top", "-o", "json", "--interval", "100ms"], "", terminal: true);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var row = JsonNode.Parse(run.Output)!.AsArray().Single()!;
        Assert.Equal(("web", 0, 2, "1/2"), ((string?)row["name"], (double?)row["requests-per-second"], (int?)row["in-flight"], (string?)row["awake"]));
        Assert.Null(row["hold-p50"]);
    }

    [Fact]
    public async Task On_a_terminal_it_goes_on_in_its_place()
    {
        await using var api = await CannedApi.StartAsync(Reading(1, 0, 0, 0), Reading(2, 0, 0, 0), Reading(5, 0, 0, 0));
        var run = await CommandLineRun.StartAsync(api.Environment, ["services", "top", "--interval", "100ms"], "", terminal: true);
        // The server has no more to say, which is where it ends here.
        Assert.Equal((2, 4), (run.Output.Split("\e[H\e[2J").Length - 1, api.Requests.Count));
        Assert.NotEqual(ExitCode.Ok, run.ExitCode);
    }

    [Fact]
    public void Rates_are_what_came_between_in_a_second()
    {
        var row = TrafficRates.Of(Item(100, 3, 1024, 0), Item(150, 4, 1024 * 11, 5), TimeSpan.FromSeconds(2));
        Assert.Equal((25, 0.5, 5120), ((double)row["requests_per_second"]!, (double)row["errors_per_second"]!, (double)row["rx_bytes_per_second"]!));
        Assert.Equal((3, 4), ((double)row["hold_p50_ms"]!, (double)row["hold_p99_ms"]!));
    }

    [Fact]
    public void A_wispd_that_began_anew_has_counted_what_it_says_and_a_new_service_nothing_yet()
    {
        Assert.Equal(5, (double)TrafficRates.Of(Item(100, 0, 0, 0), Item(10, 0, 0, 0), TimeSpan.FromSeconds(2))["requests_per_second"]!);
        Assert.Equal(0, (double)TrafficRates.Of(null, Item(10, 0, 0, 0), TimeSpan.FromSeconds(2))["requests_per_second"]!);
    }

    [Theory]
    [InlineData(0.05, 0.5)]
    [InlineData(0.5, 3)]
    [InlineData(0.99, 8)]
    [InlineData(1, 8)]
    public void A_quantile_is_between_the_bounds_of_its_bucket(double part, double value) => Assert.Equal(value, TrafficRates.Quantile(Buckets, part)!.Value, 9);

    [Fact]
    public void Of_nothing_there_is_none() => Assert.Null(TrafficRates.Quantile([(1, 0), (null, 0)], 0.5));

    [Fact]
    public async Task Too_short_an_interval_is_refused()
    {
        var run = await CommandLineRun.StartAsync("services", "top", "--interval", "1ms");
        Assert.Contains("100ms", run.Error, StringComparison.Ordinal);
    }

    private static string Reading(int requests, int errors, int bytes, int holds) =>
        $$"""{"status":"success","data":{"service_groups":[{{Item(requests, errors, bytes, holds).ToJsonString()}}]},"op_time_us":1}""";

    private static JsonObject Item(int requests, int errors, int bytes, int holds) => JsonNode.Parse($$"""
        {"status":"success","uuid":"7f0c1d3e-0000-4000-8000-000000000000","name":"web","requests":{"2xx":{{requests}},"5xx":0},"connections":0,"in_flight":2,"held":1,
         "hold_latency":[{"bucket_ms":2,"count":0},{"bucket_ms":4,"count":{{holds}}},{"count":0}],"rx_bytes":{{bytes}},"tx_bytes":0,
         "errors":{"limit":{{errors}},"unreachable":0},"instances":2,"instances_awake":1}
        """)!.AsObject();
}
