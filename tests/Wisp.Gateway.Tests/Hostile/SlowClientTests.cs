using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Clients that take their time: they lose their connection, and nobody else notices. The one that is cut off is the clock of each test.</summary>
public sealed class SlowClientTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly Uri Root = new("/", UriKind.Relative);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(1_000, false)]
    [InlineData(1_000, true)]
    public async Task A_thousand_that_dribble_their_heads_are_cut_off_while_another_is_served(int count, bool isTls)
    {
        using var guest = new RecordingGuest();
        var patience = new ClientPatience(Short, Long, Long);
        await using var gateway = isTls ? await TestGateway.StartHttpsAsync(guest.Port, patience) : await TestGateway.StartAsync(guest.Port, patience: patience);
        using var client = isTls ? Tls.TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20) : new HttpClient();
        var url = isTls ? new Uri("https://shop.localhost/") : gateway.Url;
        var slow = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RawClient.ConnectAsync(gateway.Route.Listen)));
        var dribbling = Task.WhenAll(slow.Select(one => DribbleAsync(one, isTls ? "\u0016\u0003\u0001\u0002\u0000\u0001" : "GET / HTTP/1.1\r\nHost: a\r\nX-")));
        var served = 0;
        do
        {
            Assert.Equal("ok", await client.GetStringAsync(url, Cancel));
            served++;
        }
        while (!dribbling.IsCompleted);
        var ends = await dribbling;
        Assert.All(ends, end => Assert.True(isTls || end is "" || end.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), end));
        Assert.Equal(served, guest.Requests.Count);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_does_not_come_is_408_but_streams_and_requests_that_are_held_may_be_silent()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[16];
                var got = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, true, Cancel);
                return;
            }

            await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync(Cancel));
        });
        await using var gateway = await TestGateway.StartAsync(application.Port, patience: new ClientPatience(Long, Short, Long));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{gateway.Route.Listen}/"), Cancel);
        using var stream = await RawClient.ConnectAsync(gateway.Route.Listen);
        await stream.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        var asleep = TestGateway.NewRoute(TestGroup.TargetAt(application.Port, 1));
        var awake = new TaskCompletionSource();
        var wake = new FakeWake { Act = async _ => { await awake.Task; return Result.Success; } };
        wake.Backend = TestGateway.NewBackend(wake);
        wake.Backend.SetAsleep();
        Assert.True((await gateway.PublishAsync(asleep with { Targets = [new RouteTarget(wake.Backend, application.Port)] })).IsSuccess);
        using var held = await RawClient.ConnectAsync(asleep.Listen);
        await held.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        await wake.Called;

        using (var slow = await RawClient.ConnectAsync(gateway.Route.Listen))
        {
            await slow.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToAnyEndAsync(), StringComparison.Ordinal);
        }

        await stream.SendAsync("4\r\nmore\r\n0\r\n\r\n");
        await stream.ReadUntilAsync("halfmore");
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Cancel);
        Assert.Equal(5, (await socket.ReceiveAsync(new byte[16].AsMemory(), Cancel)).Count);
        awake.SetResult();
        Assert.Contains("hello", await held.ReadToEndAsync(), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_takes_nothing_of_the_answer_is_cut_off_but_not_who_is_sent_nothing()
    {
        var quiet = new TaskCompletionSource();
        await using var application = await Application.StartAsync(async context =>
        {
            if (context.Request.Path == "/quiet")
            {
                await context.Response.WriteAsync("one");
                await context.Response.Body.FlushAsync();
                await quiet.Task;
                await context.Response.WriteAsync("two");
                return;
            }

            for (var block = new byte[64 * 1024]; !context.RequestAborted.IsCancellationRequested;)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        // So that what fits into one write is not waited for by the hour.
        var patience = new ClientPatience(Long, Short, Long) { BytesPerSecond = 64 << 20 };
        await using var gateway = await TestGateway.StartAsync(application.Port, patience: patience);
        using var stream = await gateway.Client.GetAsync(new Uri("/quiet", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var slow = await RawClient.ConnectAsync(gateway.Route.Listen);
        await slow.SendAsync(Get);
        await slow.ReadUntilAsync("\r\n\r\n");
        // Of the two that are in flight.
        await Eventually.TrueAsync(() => gateway.Backend.InFlight == 1);
        quiet.SetResult();
        Assert.Equal("onetwo", await stream.Content.ReadAsStringAsync(Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_asks_for_nothing_more_is_let_go_but_not_who_waits_for_an_answer()
    {
        await using var application = await HeldApplication.StartAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port, patience: new ClientPatience(Long, Long, Short));
        var waiting = gateway.Client.GetAsync(Root, Cancel);
        await application.ArrivedAsync(1);
        using var silent = await RawClient.ConnectAsync(gateway.Route.Listen);
        Assert.Equal("", await silent.ReadToAnyEndAsync());
        application.Release();
        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> DribbleAsync(RawClient client, string head)
    {
        using (client)
        {
            var ended = client.ReadToAnyEndAsync();
            try
            {
                await client.SendAsync(head);
                while (!ended.IsCompleted)
                {
                    await client.SendAsync("a");
                    await Task.WhenAny(ended, Task.Delay(250, Cancel));
                }
            }
            catch (IOException)
            {
                // Cut off.
            }

            return await ended;
        }
    }
}
