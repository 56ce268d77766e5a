using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Wisp.Integration.Tests.Support;
using Wisp.Tools;

namespace Wisp.Integration.Tests;

[Trait("needs", "vm")]
public sealed class SleepAndWakeTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;

    [Fact]
    public async Task A_request_wakes_a_sleeping_instance_whose_memory_is_as_it_was()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("sleeper", "hello", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var before = int.Parse(await client.GetStringAsync("/count"), CultureInfo.InvariantCulture);
        for (var round = 1; round <= 3; round++)
        {
            await _wispd.WaitAsync("sleeper", "standby");
            using var woken = await client.GetAsync("/count");
            Assert.Equal(before + round, int.Parse(await woken.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture));
            Assert.Matches(@"hold;dur=[\d.]+.*wake;dur=[\d.]+.*ttfb;dur=[\d.]+", string.Join(",", woken.Headers.GetValues("Server-Timing")));
        }

        await _wispd.DeleteAsync("sleeper");
    }

    [Fact]
    public async Task Sixty_four_requests_at_once_cause_one_wake_and_get_64_answers()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("storm", "hello", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await _wispd.WaitAsync("storm", "standby");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => client.GetAsync("/count")));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        var counts = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        Assert.Equal(64, counts.Distinct(StringComparer.Ordinal).Count());
        await _wispd.DeleteAsync("storm");
    }

    [Fact]
    public async Task The_clock_is_right_after_a_sleep()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("clock", "hello", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await _wispd.WaitAsync("clock", "standby");
        // The longer it sleeps the further a clock that stands still would be off.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var asked = TimeProvider.System.GetUtcNow();
        var told = DateTimeOffset.Parse(await client.GetStringAsync("/time"), CultureInfo.InvariantCulture);
        var answered = TimeProvider.System.GetUtcNow();
        Assert.InRange(told, asked.AddSeconds(-0.1), answered.AddSeconds(0.1));
        await _wispd.DeleteAsync("clock");
    }

    [Fact]
    public async Task An_open_websocket_keeps_it_awake_and_echoes()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("socket", "hello", port);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"ping {i}"), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
            var buffer = new byte[64];
            var got = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal($"ping {i}", Encoding.UTF8.GetString(buffer, 0, got.Count));
            // Longer than the cooldown: only the open socket keeps it awake.
            await Task.Delay(500, TestContext.Current.CancellationToken);
            Assert.Equal("running", (await _wispd.InstanceAsync("socket"))["state"]!.GetValue<string>());
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await _wispd.WaitAsync("socket", "standby");
        await _wispd.DeleteAsync("socket");
    }

    [Fact]
    public async Task A_tcp_connection_wakes_it_too_and_counts_as_open()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("raw", "hello", port, handlers: "[]");
        await _wispd.WaitAsync("raw", "standby");
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("GET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await _wispd.DeleteAsync("raw");
    }

    // By curl, which reads the answer while it still sends; HttpClient does not.
    [Fact]
    public async Task A_large_body_comes_back_whole_while_it_is_still_being_sent()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("echo", "hello", port);
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, RandomNumberGenerator.GetBytes(20 << 20), TestContext.Current.CancellationToken);
            var answered = await new ToolRunner().RunAsync(
                new ToolCommand("curl", "--silent", "--show-error", "--fail", "--header", "Expect:", "--data-binary", "@" + body, "--output", body + ".back", $"http://127.0.0.1:{port}/echo"),
                null, TestContext.Current.CancellationToken);
            Assert.True(answered.IsSuccess && answered.Value.Ok, answered.Error?.ToString() ?? answered.Value.LastLine);
            Assert.Equal(
                SHA256.HashData(await File.ReadAllBytesAsync(body, TestContext.Current.CancellationToken)),
                SHA256.HashData(await File.ReadAllBytesAsync(body + ".back", TestContext.Current.CancellationToken)));
        }
        finally
        {
            File.Delete(body);
            File.Delete(body + ".back");
        }

        await _wispd.DeleteAsync("echo");
    }
}
