using System.Net.Sockets;
using Wisp.Gateway;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>Who only connects to the API; a real wispd.</summary>
public sealed class ApiConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_without_a_word_leave_the_node_its_descriptors()
    {
        await using var wispd = new Wispd();
        await wispd.StartAsync();
        var endpoint = new Uri(wispd.Endpoint);
        var all = new List<Socket>();
        try
        {
            // It may open as many files as this process may.
            for (var i = 0; i < ClientConnections.OfApi + 50; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                all.Add(socket);
                await socket.ConnectAsync(endpoint.Host, endpoint.Port, Cancel);
            }

            // What is too much is closed; one of those that are is the client's of before.
            var closed = 0;
            while (closed < 50)
            {
                closed = all.Count(socket => socket.Poll(0, SelectMode.SelectRead));
                await Task.Delay(50, Cancel);
            }

            Assert.InRange(closed, 50, 52);
        }
        finally
        {
            all.ForEach(socket => socket.Dispose());
        }

        // Each that ends makes room.
        while (true)
        {
            try
            {
                Assert.NotEmpty(await wispd.Api.GetStringAsync("/v1/instances", Cancel));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, Cancel);
            }
        }
    }
}
