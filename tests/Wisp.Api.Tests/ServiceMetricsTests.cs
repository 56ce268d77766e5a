using Wisp.Api.Tests.Support;
using Wisp.Gateway;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>What services are asked and serve.</summary>
public sealed class ServiceMetricsTests
{
    private const string Path = "/v1/services/metrics";

    [Fact]
    public async Task Json_has_what_the_gateway_counts_on_any_of_its_routes_and_keeps_it_when_they_change()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        var traffic = api.Node.Gateway.Routes.Values.Select(route => route.Traffic).Distinct().Single();
        traffic.Wakes.Add(TimeSpan.FromMilliseconds(3));
        traffic.Holds.Add(TimeSpan.FromMilliseconds(5));
        (await api.SendAsync(HttpMethod.Patch, "/v1/services", """{"name": "edge", "prop": "soft_limit", "op": "set", "value": 9}""")).Success();
        var item = (await api.GetAsync(Path)).Success().Items("service_groups").Single();
        Assert.Equal(("edge", 0, 0, 0, 0), (item.Text("name"), item.Number("connections"), item.Number("in_flight"), item.Number("held"), item.Number("rx_bytes")));
        var group = (await api.GetAsync("/v1/services?name=edge")).Success().Items("service_groups").Single();
        Assert.Equal(group.GetProperty("domains")[0].Text("fqdn"), item.GetProperty("domains")[0].Text("fqdn"));
        Assert.Equal((1, 1), (item.Number("instances"), item.Number("instances_awake")));
        Assert.Equal(["1xx", "2xx", "3xx", "4xx", "5xx"], item.GetProperty("requests").EnumerateObject().Select(member => member.Name));
        Assert.Equal(0, item.GetProperty("errors").Number("wake_timeout"));
        Assert.Equal(1, item.GetProperty("wakeup_latency")[2].Number("count"));
        Assert.Equal(1, item.GetProperty("hold_latency")[3].Number("count"));
        (await api.PutAsync("/v1/instances/suspend", """{"name": "web"}""")).Success();
        Assert.Equal(0, (await api.GetAsync(Path + "?name=edge")).Success().Items("service_groups").Single().Number("instances_awake"));
    }

    [Fact]
    public async Task Prometheus_reads_them_and_administrators_see_what_is_no_services()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        api.Node.Gateway.Traffic = new GatewayTraffic(3, 7, 40, 5);
        api.Client.DefaultRequestHeaders.Accept.Clear();
        using var response = await api.Client.GetAsync(new Uri(Path + "?name=edge&name=nobody", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');
        var labels = $"service_uuid=\"{uuid}\",service=\"edge\"";
        foreach (var line in (string[])
            [
                "# No service group with name 'nobody'", "# TYPE service_requests_total counter", $"service_requests_total{{{labels},status=\"2xx\"}} 0",
                $"service_errors_total{{{labels},reason=\"unreachable\"}} 0", $"service_instances_awake{{{labels}}} 1", "# TYPE service_hold_seconds histogram",
                $"service_hold_seconds_bucket{{{labels},le=\"0.001\"}} 0", $"service_wakeup_latency_seconds_count{{{labels}}} 0",
                "gateway_unrouted_total 3", "gateway_errors_total{reason=\"connections\"} 7", "gateway_access_log_lines_total 40", "gateway_access_log_dropped_total 5",
            ])
        {
            Assert.Contains(line, lines);
        }
    }

    [Fact]
    public async Task Each_user_sees_those_of_its_own_and_nothing_of_the_node()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        using var other = await api.AccountAsync("ada");
        Assert.Empty((await other.SendAsync("GET", Path)).Success().Items("service_groups"));
        (await other.SendAsync("GET", Path + "?name=edge")).ItemFailure("service_groups", 8, "No service group with name 'edge'");
        other.Http.DefaultRequestHeaders.Accept.Clear();
        var text = await other.Http.GetStringAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("edge", text, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway_", text, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(TestApi api)
    {
        (await api.PostAsync("/v1/services", """
            {"name": "edge", "services": [{"port": 8080, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}, {"port": 9000, "ip": "127.0.0.1"}]}
            """)).Success();
        await api.CreateAsync("""
            {"image": "hello", "name": "web", "autostart": true, "timeout_s": -1, "service_group": {"name": "edge"}, "scale_to_zero": {"policy": "on", "stateful": true}}
            """);
        await api.Node.UntilAsync("web", InstanceState.Running);
        return (await api.GetAsync("/v1/services?name=edge")).Success().Items("service_groups").Single().Text("uuid")!;
    }
}
