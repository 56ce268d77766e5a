using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Clients that take their time: they lose their connection, and nobody else notices. The one that is cut off is the clock of each test.</summary>
public sealed class SlowClientTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly Uri Root = new("/", UriKind.Relative);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private static readonly byte[] Hello = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. FrameClient.Frame(FrameClient.Settings, 0, 0, [])];

    /// <summary>What there is no end of.</summary>
    public enum Dribbled
    {
        Head,
        Handshake,
        HeadInTls,
        ContinuedHead,
        Frame,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(1_000, Dribbled.Head)]
    [InlineData(1_000, Dribbled.Handshake)]
    [InlineData(1_000, Dribbled.HeadInTls)]
    [InlineData(1_000, Dribbled.ContinuedHead)]
    [InlineData(1_000, Dribbled.Frame)]
    public async Task A_thousand_that_dribble_their_heads_are_cut_off_while_another_is_served(int count, Dribbled what)
    {
        using var guest = new RecordingGuest();
        var isTls = what != Dribbled.Head;
        // Handshakes have as long, and each of a thousand takes its milliseconds.
        var some = what > Dribbled.Handshake ? 5 * Short : Short;
        // A frame that is not whole is nothing yet: its client has asked for nothing.
        var patience = what == Dribbled.Frame ? new ClientPatience(Long, Long, some) : new ClientPatience(some, Long, Long);
        await using var gateway = isTls ? await TestGateway.StartHttpsAsync(guest.Port, patience) : await TestGateway.StartAsync(guest.Port, patience: patience);
        using var client = isTls ? TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20) : new HttpClient();
        var url = isTls ? new Uri("https://shop.localhost/") : gateway.Url;
        using var few = new SemaphoreSlim(what > Dribbled.Handshake ? 16 : count);
        var dribbling = Task.WhenAll(Enumerable.Range(0, count).Select(_ => DribbleAsync(gateway.Route.Listen, what, few)));
        var served = 0;
        do
        {
            Assert.Equal("ok", await client.GetStringAsync(url, Cancel));
            served++;
        }
        while (!dribbling.IsCompleted);
        var ends = await dribbling;
        Assert.All(ends, end => Assert.True(what is not (Dribbled.Head or Dribbled.HeadInTls) || end is "" || end.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), end));
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

    private static async Task<string> DribbleAsync(IPEndPoint to, Dribbled what, SemaphoreSlim few)
    {
        await few.WaitAsync(Cancel);
        Stream stream;
        try
        {
            stream = await OpenAsync(to, what);
        }
        finally
        {
            few.Release();
        }

        await using (stream)
        {
            var ended = ReadToAnyEndAsync(stream);
            var (head, more) = what switch
            {
                Dribbled.Handshake => ([0x16, 3, 1, 2, 0, 1], "a"u8.ToArray()),
                Dribbled.ContinuedHead => ([.. Hello, .. FrameClient.Frame(FrameClient.Headers, FrameClient.EndStream, 1, FrameClient.Pack(FrameClient.Get))], FrameClient.Frame(FrameClient.Continuation, 0, 1, FrameClient.Pack([("x", "a")]))),
                // The first bytes of one with more to come than ever does.
                Dribbled.Frame => ([.. Hello, .. FrameClient.Frame(FrameClient.Headers, FrameClient.EndStream | FrameClient.EndHeaders, 1, new byte[10_000]).AsSpan(0, 10)], [0]),
                _ => ((byte[])[.. "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX-"u8], "a"u8.ToArray()),
            };
            try
            {
                await stream.WriteAsync(head, Cancel);
                while (!ended.IsCompleted)
                {
                    await stream.WriteAsync(more, Cancel);
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

    private static async Task<Stream> OpenAsync(IPEndPoint to, Dribbled what) => what switch
    {
        Dribbled.Head or Dribbled.Handshake => (await RawClient.ConnectAsync(to)).Stream,
        Dribbled.HeadInTls => await TlsClient.ConnectAsync(to, TlsClient.Options("shop.localhost", SslApplicationProtocol.Http11)),
        _ => await TlsClient.ConnectAsync(to, TlsClient.Options("shop.localhost", SslApplicationProtocol.Http2)),
    };

    private static async Task<string> ReadToAnyEndAsync(Stream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1024]);
        try
        {
            while (await stream.ReadAsync(buffer, Cancel) is > 0 and var length)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (IOException)
        {
            // Cut off.
        }

        return text.ToString();
    }
}
