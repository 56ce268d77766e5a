using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Services;

/// <summary>UDP services in front of real machines.</summary>
[Trait("needs", "vm")]
public sealed class UdpServiceTests
{
    private const int Clients = 100;
    private const int Each = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("paused")]
    [InlineData("hibernated")]
    public async Task A_hundred_clients_wake_a_sleeper_and_each_is_heard_in_order(string depth)
    {
        await using var wispd = new Wispd { Options = depth == "hibernated" ? ["--hibernate-after", "1s"] : [] };
        await Node.BuildAsync(wispd, "udp-echo");
        await wispd.StartAsync();
        var port = Ports.Free();
        await RunAsync(wispd, port);
        var clients = Enumerable.Range(0, Clients).Select(_ => Client(port)).ToArray();
        try
        {
            // The first to be heard tells that the application waits.
            await UntilHeardAsync(port, "ready");
            for (var round = 0; round < 3; round++)
            {
                // Sessions are open all the time, and keep nobody awake.
                await wispd.WaitForDepthAsync("names", depth);
                for (var i = 0; i < Clients * Each; i++)
                {
                    await clients[i % Clients].SendAsync(Encoding.ASCII.GetBytes($"{i % Clients} {i / Clients}"), Cancel);
                }

                var answers = await Task.WhenAll(clients.Select(HearAllAsync));
                Assert.All(answers.Select((heard, client) => (heard, client)), answer => Assert.Equal(
                    Enumerable.Range(0, Each).Select(i => $"{(round * Each) + i + 1}:{answer.client} {i}"), answer.heard));
            }

            await wispd.CallAsync(HttpMethod.Put, "/v1/instances/stop", """[{"name":"names","force":true}]""");
            await wispd.WaitAsync("names", "stopped");
            await wispd.CallAsync(HttpMethod.Put, "/v1/instances/start", """[{"name":"names"}]""");
            await wispd.WaitAsync("names", "running");
            Assert.StartsWith("1:", await UntilHeardAsync(port, "restarted"), StringComparison.Ordinal);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    private static async Task RunAsync(Wispd wispd, int port)
    {
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"names","image":"udp-echo","memory_mb":128,"autostart":true,"timeout_s":120,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":9000,"protocol":"udp"}]},
             "scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":300}
            }
            """);
        Assert.True(made["error"] is null, made.ToJsonString());
    }

    private static Socket Client(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    // What does not come at all is lost, and then it is better to know what came.
    private static async Task<string[]> HearAllAsync(Socket client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var heard = new List<string>();
        try
        {
            while (heard.Count < Each)
            {
                heard.Add(await HearAsync(client, patience.Token));
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // Then it is shown.
        }

        return [.. heard];
    }

    private static async Task<string> HearAsync(Socket client, CancellationToken cancellation)
    {
        var buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, cancellation));
    }

    // Until it is heard: an application that is being started may not wait yet, and what comes before is lost.
    private static async Task<string> UntilHeardAsync(int port, string text)
    {
        using var client = Client(port);
        var heard = HearAsync(client, Cancel);
        while (!heard.IsCompleted)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(text), Cancel);
            await Task.WhenAny(heard, Task.Delay(500, Cancel));
        }

        return await heard;
    }
}
