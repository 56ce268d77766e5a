using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>Scale-to-zero policy <c>idle</c>: connections stay open while the machine behind them sleeps, however deep.</summary>
[Trait("needs", "vm")]
public sealed class IdleTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_parked_connections_lose_nothing_while_the_machine_sleeps()
    {
        await node.ImageAsync("tcp-many");
        var port = Ports.Free();
        await _wispd.RunAsync("parked", "tcp-many", port, handlers: "[]", destination: 9000, policy: "idle", cooldown: 500, memory: 128);
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                clients.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, port, Cancel);
                Assert.Equal($"1:hello {i}", await AskAsync(socket, $"hello {i}"));
            }

            for (var round = 2; round <= 3; round++)
            {
                await _wispd.WaitAsync("parked", "standby");
                // All at once: one wake, and each hears its own answer.
                var answers = await Task.WhenAll(clients.Select((socket, i) => AskAsync(socket, $"again {i}")));
                Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{round}:again {i}"), answers);
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            await _wispd.DeleteAsync("parked");
        }
    }

    [Fact]
    public async Task A_connection_outlives_a_sleep_on_disk()
    {
        await using var wispd = new Wispd { Options = ["--hibernate-after", "1s"] };
        await Node.BuildAsync(wispd, "tcp-many");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("deep", "tcp-many", port, handlers: "[]", destination: 9000, policy: "idle", cooldown: 300);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        for (var round = 1; round <= 3; round++)
        {
            Assert.Equal($"{round}:piece", await AskAsync(client, "piece"));
            await wispd.WaitForDepthAsync("deep", "hibernated");
        }

        // What ends the instance ends the connection.
        await wispd.CallAsync(HttpMethod.Put, "/v1/instances/stop", """[{"name":"deep","force":true}]""");
        Assert.Equal("", await ReadAsync(client));
    }

    [Fact]
    public async Task A_guest_that_works_on_its_answer_for_longer_than_the_cooldown_does_not_sleep_over_it()
    {
        await node.ImageAsync("tcp-many");
        var port = Ports.Free();
        await _wispd.RunAsync("working", "tcp-many", port, handlers: "[]", destination: 9000, policy: "idle", cooldown: 100);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        Assert.Equal("1:work 2", await AskAsync(client, "work 2"));
        await _wispd.WaitAsync("working", "standby");
        Assert.Equal("2:work 1", await AskAsync(client, "work 1"));
        await _wispd.DeleteAsync("working");
    }

    [Fact]
    public async Task A_client_that_ends_its_side_still_hears_the_answer()
    {
        await node.ImageAsync("tcp-echo");
        var port = Ports.Free();
        await _wispd.RunAsync("ending", "tcp-echo", port, handlers: "[]", destination: 9000, policy: "idle", cooldown: 300);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
        Assert.Equal("one", await AskAsync(client, "one"));
        await _wispd.WaitAsync("ending", "standby");
        await client.SendAsync("two"u8.ToArray(), Cancel);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("two", await ReadAsync(client));
        Assert.Equal("", await ReadAsync(client));
        await _wispd.DeleteAsync("ending");
    }

    private static async Task<string> AskAsync(Socket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancel);
        return await ReadAsync(socket);
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[256];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
