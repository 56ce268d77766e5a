using Wisp.Api.Tests.Support;
using Wisp.Machines;
using Wisp.Network;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>What instances use and serve (platform API, "metrics").</summary>
public sealed class MetricsTests
{
    private const string Path = "/v1/instances/metrics";
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Fact]
    public async Task Json_has_every_figure()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        var item = (await api.GetAsync($"/v1/instances/{uuid}/metrics")).Success().Items("instances").Single();
        Assert.Equal(("web", "running", 1), (item.Text("name"), item.Text("state"), item.Number("start_count")));
        Assert.Equal((5000, 1500), (item.Number("rss_bytes"), item.Number("cpu_time_ms")));
        Assert.Equal((1, 2, 3, 4), (item.Number("rx_bytes"), item.Number("rx_packets"), item.Number("tx_bytes"), item.Number("tx_packets")));
        Assert.Equal(3_000_000, item.Number("boot_time_us"));
        var buckets = item.GetProperty("wakeup_latency").EnumerateArray().ToArray();
        Assert.Equal(14, buckets.Length);
        Assert.Equal(4096, buckets[^2].Number("bucket_ms"));
        Assert.False(buckets[^1].Has("bucket_ms"));
    }

    [Fact]
    public async Task What_waits_for_a_wake_is_queued_and_the_wake_is_counted()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api, ""","scale_to_zero": {"policy": "on", "stateful": true}""");
        (await api.PutAsync("/v1/instances/suspend", """{"name": "web"}""")).Success();
        var backend = api.Node.Backend;
        Assert.False(backend.Enter());
        var item = (await api.GetAsync(Path + "?name=web")).Success().Items("instances").Single();
        Assert.Equal(("standby", 1, 0, 1, 1), (item.Text("state"), item.Number("nconns"), item.Number("nreqs"), item.Number("nqueued"), item.Number("ntotal")));
        Assert.Null((await backend.WakeAsync(TestContext.Current.CancellationToken)).Error);
        item = (await api.GetAsync(Path + "?name=web")).Success().Items("instances").Single();
        Assert.Equal((1, 1, 0), (item.Number("nconns"), item.Number("nreqs"), item.Number("nqueued")));
        Assert.Equal(1, item.GetProperty("wakeup_latency").EnumerateArray().Sum(bucket => bucket.Number("count")));
        backend.Leave();
    }

    [Fact]
    public async Task Without_a_name_it_is_about_all_and_each_has_its_own_fate()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        api.Node.Time.Advance(TimeSpan.FromSeconds(1));
        await api.CreateAsync("""{"image": "hello", "name": "idle"}""");
        Assert.Equal(["web", "idle"], (await api.GetAsync(Path)).Success().Items("instances").Names());
        Assert.Equal(0, (await api.PostAsync(Path, """[{"name": "idle"}]""")).Success().Items("instances").Single().Number("rss_bytes"));
        Assert.Equal("partial_success", (await api.GetAsync($"{Path}?name=web&uuid={Absent}")).Envelope);
        (await api.GetAsync($"/v1/instances/{Absent}/metrics")).ItemFailure("instances", 8, $"No instance with uuid '{Absent}'");
        (await api.GetAsync(Path, """{"name": "web", "colour": 1}""")).Failure(System.Net.HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    [Fact]
    public async Task Whoever_does_not_ask_for_json_gets_what_prometheus_reads()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        api.Client.DefaultRequestHeaders.Accept.Clear();
        using var response = await api.Client.GetAsync(new Uri($"{Path}?name=web&name=nobody", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');
        Assert.Contains("# No instance with name 'nobody'", lines);
        Assert.Contains("# TYPE instance_state gauge", lines);
        Assert.Contains($"instance_state{{instance_uuid=\"{uuid}\"}} 2", lines);
        Assert.Contains($"instance_rss_bytes{{instance_uuid=\"{uuid}\"}} 5000", lines);
        Assert.Contains($"instance_cpu_time_s{{instance_uuid=\"{uuid}\"}} 1.5", lines);
        Assert.Contains($"instance_tx_bytes{{instance_uuid=\"{uuid}\"}} 3", lines);
        Assert.Contains($"instance_wakeup_latency_seconds_bucket{{instance_uuid=\"{uuid}\",le=\"0.001\"}} 0", lines);
        Assert.Contains($"instance_wakeup_latency_seconds_bucket{{instance_uuid=\"{uuid}\",le=\"+Inf\"}} 0", lines);
        // One that runs has not stopped.
        Assert.DoesNotContain(lines, line => line.StartsWith("instance_stopped_at", StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(TestApi api, string more = "")
    {
        var made = await api.CreateAsync($$"""
            {"image": "hello", "name": "web", "autostart": true, "timeout_s": -1,
             "service_group": {"services": [{"port": 8080, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}]}{{more}}}
            """);
        await api.Node.UntilAsync("web", InstanceState.Running);
        api.Node.Machine.Usage = new MachineUsage(5000, TimeSpan.FromSeconds(1.5));
        api.Node.Network.Traffic = new InterfaceTraffic(1, 2, 3, 4);
        return made.Text("uuid")!;
    }
}
