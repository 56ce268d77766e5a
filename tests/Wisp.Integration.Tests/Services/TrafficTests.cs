using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Services;

/// <summary>What a real node counts and notes of a real guest, judged by curl and the command line.</summary>
[Trait("needs", "vm")]
public sealed class TrafficTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly Wispd _wispd = new();
    private readonly int _http = Ports.Free();
    private string Log => Path.Combine(_wispd.Data.Root, "access.log");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Node.BuildAsync(_wispd, "hello");
        _wispd.Options = ["--http-port", $"{_http}", "--access-log", Log];
        await _wispd.StartAsync();
        var made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/services", """
            {"name":"shop","domains":[{"name":"shop"}],"services":[{"port":80,"destination_port":8080,"handlers":["http"]}]}
            """);
        Assert.Null(made["error"]?.ToJsonString());
        made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/instances", """
            {"name":"shop","image":"hello","autostart":true,"timeout_s":120,"service_group":{"name":"shop"},
             "scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":300} }
            """);
        Assert.Null(made["error"]?.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await _wispd.DeleteAsync("shop");
        await _wispd.DisposeAsync();
    }

    [Fact]
    public async Task A_real_guest_is_counted_and_noted_and_the_log_can_be_rotated()
    {
        await _wispd.WaitAsync("shop", "standby");
        await RunAsync("curl", "-sS", "--noproxy", "*", "-H", $"traceparent: 00-{Trace}-b7ad6b7169203331-01", "-H", "Host: shop.localhost", $"http://127.0.0.1:{_http}/count?secret=1");
        var woken = Assert.Single(await LinesAsync(Log, 1));
        Assert.Equal(("shop", "shop", "/count", Trace, 200), ((string?)woken["service"], (string?)woken["instance"], (string?)woken["path"], (string?)woken["trace_id"], (int?)woken["status"]));
        Assert.True((double?)woken["hold_ms"] >= (double?)woken["wake_ms"] && (double?)woken["wake_ms"] > 0, woken.ToJsonString());

        File.Move(Log, Log + ".1");
        await RunAsync("kill", "-HUP", $"{_wispd.Pid}");
        while (!File.Exists(Log))
        {
            await Task.Delay(10, Cancel);
        }

        await RunAsync("curl", "-sS", "--noproxy", "*", "-H", "Host: nobody.localhost", $"http://127.0.0.1:{_http}/");
        Assert.Equal("no_service", (string?)Assert.Single(await LinesAsync(Log, 1))["error"]);
        Assert.Single(await LinesAsync(Log + ".1", 1));

        var text = await RunAsync("curl", "-sS", "--noproxy", "*", "-H", $"Authorization: Bearer {(await File.ReadAllTextAsync(_wispd.Data.TokenFile, Cancel)).Trim()}", _wispd.Endpoint + "/v1/services/metrics");
        Assert.Matches("service_requests_total\\{service_uuid=\"[0-9a-f-]{36}\",service=\"shop\",status=\"2xx\"\\} 1\n", text);
        Assert.Matches("service_wakeup_latency_seconds_count\\{[^}]*\\} 1\n", text);
        Assert.Contains("gateway_unrouted_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("gateway_access_log_lines_total 2\n", text, StringComparison.Ordinal);

        var shown = await RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "wisp.dll"), "services", "top", "--interval", "200ms", "-o", "json", "--data-dir", _wispd.Data.Root);
        Assert.Equal("shop", (string?)JsonNode.Parse(shown)!.AsArray().Single()!["name"]);
    }

    private static async Task<IReadOnlyList<JsonNode>> LinesAsync(string file, int count)
    {
        while (true)
        {
            // Only what ends is a line.
            var text = await File.ReadAllTextAsync(file, Cancel);
            if (text.Count(character => character == '\n') >= count)
            {
                return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
            }

            await Task.Delay(10, Cancel);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var ran = (await new ToolRunner().RunAsync(new ToolCommand(program, arguments), null, Cancel)).Value;
        Assert.True(ran.Ok, ran.Stderr);
        return ran.Stdout;
    }
}
