using System.Net.WebSockets;
using System.Text;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

public sealed class WebSocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_go_both_ways_and_the_connection_counts_until_it_is_closed(bool asleep)
    {
        await using var application = await EchoAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        if (asleep)
        {
            gateway.Backend.SetAsleep();
        }

        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("chat");
        await client.ConnectAsync(new Uri($"ws://{gateway.Route.Listen}/socket"), Cancel);
        Assert.Equal("chat", client.SubProtocol);
        foreach (var text in (string[])["one", "", new string('x', 100_000)])
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Cancel);
            Assert.Equal(text, await ReadAsync(client));
        }

        Assert.Equal(1, gateway.Backend.InFlight);
        Assert.False(gateway.Backend.TryFallAsleep());
        await client.CloseAsync(WebSocketCloseStatus.PolicyViolation, "enough", Cancel);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "enough"), (client.CloseStatus, client.CloseStatusDescription));
        await gateway.QuietAsync();
        Assert.Equal(asleep ? 1 : 0, gateway.Wake.Calls);
    }

    [Fact]
    public async Task A_client_that_vanishes_is_counted_out()
    {
        await using var application = await EchoAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using (var client = new ClientWebSocket())
        {
            await client.ConnectAsync(new Uri($"ws://{gateway.Route.Listen}/"), Cancel);
            await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancel);
            Assert.Equal("hello", await ReadAsync(client));
            client.Abort();
        }

        await gateway.QuietAsync();
    }

    private static Task<Application> EchoAsync() => Application.StartAsync(async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.CloseStatus is { } status)
                {
                    await socket.CloseAsync(status, received.CloseStatusDescription, CancellationToken.None);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
            }
        }
        catch (WebSocketException)
        {
            // The client vanished.
        }
    });

    private static async Task<string> ReadAsync(ClientWebSocket client)
    {
        using var message = new MemoryStream();
        var buffer = new byte[8192];
        WebSocketReceiveResult received;
        do
        {
            received = await client.ReceiveAsync(buffer, Cancel);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return Encoding.UTF8.GetString(message.ToArray());
    }
}
