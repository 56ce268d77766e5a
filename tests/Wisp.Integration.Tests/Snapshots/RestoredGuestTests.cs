using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>What a guest finds when it goes on: the time, and its hooks run.</summary>
[Trait("needs", "vm")]
public sealed class RestoredGuestTests
{
    [Fact]
    public async Task The_clock_is_right_after_a_hibernation_before_the_application_runs_on()
    {
        await using var wispd = new Wispd { Options = ["--hibernate-after", "1ms"] };
        await Support.Node.BuildAsync(wispd, "python");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("clock", "python", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await client.GetStringAsync("/watch", TestContext.Current.CancellationToken);
        await wispd.WaitForDepthAsync("clock", "hibernated");
        // The longer it is away, the further a clock that goes on from where it stood is off.
        var frozen = Seconds();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var asked = Seconds();
        var told = JsonNode.Parse(await client.GetStringAsync("/identity", TestContext.Current.CancellationToken))!["time"]!.GetValue<double>();
        Assert.InRange(told, asked - 0.1, Seconds() + 0.1);

        // No moment of the application's lies in the time it was away.
        var ticks = JsonNode.Parse(await client.GetStringAsync("/ticks", TestContext.Current.CancellationToken))!.AsArray()
            .Select(tick => tick![0]!.GetValue<double>()).ToArray();
        Assert.Contains(ticks, tick => tick < frozen);
        Assert.Contains(ticks, tick => tick > asked);
        Assert.DoesNotContain(ticks, tick => tick > frozen + 0.1 && tick < asked - 0.1);

        // The hook after the restore was run with the right time, too.
        var hooks = await HooksAsync(client, port, "after");
        Assert.InRange(double.Parse(hooks[^1].Split(' ')[1], CultureInfo.InvariantCulture), asked - 0.1, Seconds() + 0.1);
    }

    [Fact]
    public async Task Hooks_run_before_a_snapshot_in_the_source_and_after_the_restore_in_the_clone()
    {
        await using var wispd = new Wispd();
        await Support.Node.BuildAsync(wispd, "python");
        await wispd.StartAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        await wispd.RunAsync("source", "python", ports[0], policy: "off");
        using var client = new HttpClient();
        // Of the boot snapshot of the image.
        Assert.Equal(["before"], Names(await HooksAsync(client, ports[0], "before")));
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/checkpoints", """[{"from":{"name":"source"},"name":"mark","timeout_s":60}]"""))["error"]);
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"checkpoint":{"name":"mark"},"name":"clone","autostart":true,"timeout_s":60,"scale_to_zero":{"policy":"off"},
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{ports[1]}},"destination_port":8080,"handlers":["http"]}]} }
            """);
        Assert.Null(made["error"]);
        // The hook after a restore is run beside the application, which no request waits for.
        Assert.Equal(["before", "before", "after"], Names(await HooksAsync(client, ports[1], "after")));
        Assert.Equal(["before", "before"], Names(await HooksAsync(client, ports[0], "before")));
    }

    [Fact]
    public async Task A_clone_does_not_wait_for_those_who_talk_with_its_source()
    {
        await using var wispd = new Wispd();
        await Support.Node.BuildAsync(wispd, "python");
        await wispd.StartAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        var source = await wispd.RunAsync("source", "python", ports[0], policy: "off");
        // The server has one thread, which from now on waits for the rest of this request.
        using var talk = new TcpClient();
        await talk.ConnectAsync(source["private_ip"]!.GetValue<string>(), 8080, TestContext.Current.CancellationToken);
        await talk.GetStream().WriteAsync("GET /count HTTP/1.1\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/checkpoints", """[{"from":{"name":"source"},"name":"mark","timeout_s":60}]"""))["error"]);
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"checkpoint":{"name":"mark"},"name":"clone","autostart":true,"timeout_s":60,"scale_to_zero":{"policy":"off"},
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{ports[1]}},"destination_port":8080,"handlers":["http"]}]} }
            """);
        Assert.Null(made["error"]);
        using var client = new HttpClient();
        Assert.Equal("1\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{ports[1]}/count"), TestContext.Current.CancellationToken));
        // The source has noticed nothing.
        await talk.GetStream().WriteAsync("Connection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(talk.GetStream());
        Assert.EndsWith("1\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // Once the last of them is the one that is waited for.
    private static async Task<string[]> HooksAsync(HttpClient client, int port, string last)
    {
        while (true)
        {
            var said = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/hooks"), TestContext.Current.CancellationToken);
            if (said.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var line] lines && line.StartsWith(last, StringComparison.Ordinal))
            {
                return lines;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static string[] Names(string[] lines) => [.. lines.Select(line => line.Split(' ')[0])];

    private static double Seconds() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
}
