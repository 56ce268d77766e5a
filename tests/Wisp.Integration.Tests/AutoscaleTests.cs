using System.Net;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>A group of real machines that grows with its load, and shrinks without it.</summary>
[Trait("needs", "vm")]
public sealed class AutoscaleTests(Support.Node node)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_takes_a_group_from_one_instance_to_four_and_back()
    {
        var wispd = node.Wispd;
        var port = Ports.Free();
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", """{"name":"scale-mould","image":"hello","autostart":true,"timeout_s":120}"""))["error"]);
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/templates", """{"name":"scale-mould","timeout_s":120}"""))["error"]);
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/services", $$"""{"name":"scale-web","services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]}"""))["error"]);
        var configured = await wispd.ItemAsync(HttpMethod.Post, "/v1/services/autoscale", """
            {"name":"scale-web","min_size":1,"max_size":4,"warmup_time_ms":500,"cooldown_time_ms":1000,"template":{"name":"scale-mould"},"high_watermark":1,
             "policies":[{"name":"more","type":"on_demand"},{"name":"less","type":"idle","idle_time_ms":2000}]}
            """);
        Assert.True(configured["error"] is null, configured.ToJsonString());
        // The first of them is made without being asked for.
        await SizeAsync(wispd, 1);

        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var url = $"http://127.0.0.1:{port}/slow?ms=1000";
        var clients = Enumerable.Range(0, 4).Select(_ => AskAsync(client, url, enough.Token)).ToArray();
        await SizeAsync(wispd, 4);
        await MarkedAsync(client, $"http://127.0.0.1:{port}/");
        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answers => Assert.True(answers > 0));
        await SizeAsync(wispd, 1);

        Assert.Null((await wispd.ItemAsync(HttpMethod.Delete, "/v1/services/autoscale", """{"name":"scale-web"}"""))["error"]);
        await SizeAsync(wispd, 0);
        await wispd.CallAsync(HttpMethod.Delete, "/v1/services", """{"name":"scale-web"}""");
        await wispd.CallAsync(HttpMethod.Delete, "/v1/instances/templates", """{"name":"scale-mould"}""");
    }

    // Asks without a break until it is enough; what was begun is brought to its end, and every answer is a good one.
    private static async Task<int> AskAsync(HttpClient client, string url, CancellationToken enough)
    {
        var answers = 0;
        for (; !enough.IsCancellationRequested; answers++)
        {
            using var answer = await client.GetAsync(url, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        return answers;
    }

    // A round of the loop later at most.
    private static async Task MarkedAsync(HttpClient client, string url)
    {
        for (var isMarked = false; !isMarked;)
        {
            using var answer = await client.GetAsync(url, Cancel);
            isMarked = answer.Headers.Contains("X-Wisp-High-Watermark");
        }
    }

    private static async Task SizeAsync(Wispd wispd, int size)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var answer = await wispd.CallAsync(HttpMethod.Get, "/v1/instances?details=true");
            var own = answer["data"]!["instances"]!.AsArray().OfType<JsonObject>().Where(instance => instance["name"]!.GetValue<string>().StartsWith("scale-web-", StringComparison.Ordinal)).ToArray();
            if (own.Length == size && own.All(instance => instance["state"]!.GetValue<string>() is "running" or "standby"))
            {
                return;
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
