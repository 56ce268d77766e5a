using System.Net;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>A wispd that is followed by another while it is used. With a wispd of its own, since it is replaced.</summary>
[Trait("needs", "vm")]
public sealed class RestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_who_asks_hears_of_a_restart()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var port = Ports.Free();
        var made = await wispd.RunAsync("steady", "hello", port, cooldown: 60_000);
        var other = Ports.Free();
        await wispd.RunAsync("sleeper", "hello", other, cooldown: 100);
        var (pid, vmm, endpoint) = (wispd.Pid, wispd.FindVmm(made["uuid"]!.GetValue<string>()), wispd.Endpoint);
        await wispd.WaitAsync("sleeper", "standby");

        using var end = new CancellationTokenSource();
        // Some keep their connections, and some do not.
        var clients = Enumerable.Range(0, 6).Select(client => AskAsync(port, keeps: client % 2 == 0, end.Token)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var restarted = await wispd.RunOnceAsync("restart", "--data-dir", wispd.Data.Root);
            Assert.True(restarted.Ok, restarted.Stderr);
            Assert.Matches(@"^Restarted wispd in \d+\.\d s; machines run on\.", restarted.Stdout);
        }

        // Those who ask for it while it happens get what they asked for.
        var overlapping = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(400 * i), Cancel);
            return await wispd.RunOnceAsync("restart", "--data-dir", wispd.Data.Root);
        }));
        Assert.All(overlapping, restarted => Assert.True(restarted.Ok, restarted.Stderr));

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answered => Assert.InRange(answered, 1, int.MaxValue));
        Assert.Equal((pid, vmm, endpoint), (wispd.Pid, wispd.FindVmm(made["uuid"]!.GetValue<string>()), wispd.Endpoint));
        using var client = new HttpClient();
        Assert.True((await client.GetAsync($"http://127.0.0.1:{other}/", Cancel)).IsSuccessStatusCode);
        Assert.Equal(1, (await wispd.InstanceAsync("steady"))["start_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Datagrams_that_come_meanwhile_are_heard_afterwards()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "udp-echo");
        await wispd.StartAsync();
        var port = Ports.Free();
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"echo","image":"udp-echo","memory_mb":128,"autostart":true,"timeout_s":120,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":9000,"protocol":"udp"}]}
            }
            """);
        Assert.True(made["error"] is null, made.ToJsonString());
        var clients = Enumerable.Range(0, 4).Select(_ => new DatagramClient(port)).ToArray();
        try
        {
            await Task.WhenAll(clients.Select(client => client.UntilHeardAsync(Cancel)));
            using var end = new CancellationTokenSource();
            var sending = clients.Select(client => client.SendAsync(TimeSpan.FromMilliseconds(20), end.Token)).ToArray();
            for (var round = 0; round < 3; round++)
            {
                var restarted = await wispd.RunOnceAsync("restart", "--data-dir", wispd.Data.Root);
                Assert.True(restarted.Ok, restarted.Stderr);
            }

            await end.CancelAsync();
            await Task.WhenAll(sending);
            var lost = await Task.WhenAll(clients.Select(client => client.LostAsync(Cancel)));
            Assert.True(lost.All(each => each.Length == 0), string.Join('\n', lost.Select(each => string.Join(' ', each))));
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Fact]
    public async Task What_guests_ask_meanwhile_is_answered()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "peer");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("asker", "peer", port, cooldown: 60_000);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal("asking", await client.GetStringAsync("/ask/asker.internal/100", Cancel));
        for (var round = 0; round < 3; round++)
        {
            var restarted = await wispd.RunOnceAsync("restart", "--data-dir", wispd.Data.Root);
            Assert.True(restarted.Ok, restarted.Stderr);
        }

        Assert.Equal("0 of 100 lost", await client.GetStringAsync("/asked", Cancel));
    }

    [Fact]
    public async Task One_that_is_told_to_end_while_it_makes_room_ends()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("slow", "hello", port);
        using var client = new HttpClient();
        var slow = client.GetAsync($"http://127.0.0.1:{port}/slow?ms=60000", Cancel);
        await wispd.UntilAsync("slow", "asked", instance => instance["state"]!.GetValue<string>() == "running");
        await wispd.SignalAsync("USR2");
        await wispd.WaitForOutputAsync("Making room");
        await wispd.SignalAsync("TERM");
        await wispd.EndedAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
        Assert.False(File.Exists(wispd.Data.DaemonFile));
    }

    [Fact]
    public async Task Where_no_wispd_runs_there_is_none_to_restart()
    {
        await using var wispd = new Wispd();
        var refused = await wispd.RunOnceAsync("restart", "--data-dir", wispd.Data.Root);
        Assert.False(refused.Ok);
        Assert.Equal($"wispd: No wispd serves {wispd.Data.Root}. Start it: wisp up", refused.Stderr.Trim());
    }

    // How many answers it had; each of them is one of success.
    private static async Task<int> AskAsync(int port, bool keeps, CancellationToken end)
    {
        using var client = new HttpClient();
        var answered = 0;
        while (!end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/");
            // A client does not send it twice.
            request.Content = new StringContent("once");
            request.Headers.ConnectionClose = !keeps;
            using var answer = await client.SendAsync(request, Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, answer.ToString());
            answered++;
            await Task.Delay(10, Cancel);
        }

        return answered;
    }
}
