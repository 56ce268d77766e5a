using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;

namespace Wisp.Gateway.Tests;

/// <summary>How many connections clients may have open at once.</summary>
public sealed class ConnectionLimitTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task One_more_is_closed_at_once_and_counted_and_a_place_that_is_given_back_is_anothers()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[1].AsMemory(), Cancel);
        });
        await using var gateway = await TestGateway.StartAsync(application.Port, connections: 3);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{gateway.Route.Listen}/"), Cancel);
        using var idle = await AskAsync(gateway);
        using var silent = await RawClient.ConnectAsync(gateway.Route.Listen);
        // Another port of the gateway has no places of its own.
        var other = gateway.Route with { Id = Guid.NewGuid(), Listen = Loopback.Next() };
        Assert.True((await gateway.PublishAsync(other)).IsSuccess);
        foreach (var listen in (IPEndPoint[])[gateway.Route.Listen, other.Listen])
        {
            await RefusedAsync(listen);
        }

        Assert.Equal((2, 0), (gateway.Gateway.Traffic.RefusedConnections, gateway.Gateway.Traffic.Unrouted));
        // Those that are in go on.
        await idle.SendAsync(Get);
        await idle.ReadUntilAsync("ok");
        silent.Reset();
        for (var i = 0; i < 3; i++)
        {
            using var next = await EnterAsync(gateway);
            next.Reset();
        }

        socket.Abort();
        using RawClient one = await EnterAsync(gateway), two = await EnterAsync(gateway);
        await RefusedAsync(gateway.Route.Listen);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_user_has_half_of_them_without_http_on_all_its_ports_and_others_have_theirs()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp, connections: 6);
        var second = gateway.Route with { Id = Guid.NewGuid(), Listen = Loopback.Next() };
        var strangers = gateway.Route with { Id = Guid.NewGuid(), Listen = Loopback.Next(), Tenant = Guid.NewGuid(), Traffic = new ServiceTraffic() };
        Assert.True((await gateway.PublishAsync(second)).IsSuccess && (await gateway.PublishAsync(strangers)).IsSuccess);
        var open = new List<(RawClient Client, RawClient Guest)>();
        foreach (var listen in (IPEndPoint[])[gateway.Route.Listen, second.Listen, second.Listen])
        {
            open.Add((await RawClient.ConnectAsync(listen), await application.AcceptAsync()));
        }

        await RefusedAsync(gateway.Route.Listen);

        await Eventually.TrueAsync(() => gateway.Route.Traffic.Errors(GatewayError.Connections) == 1);
        open.Add((await RawClient.ConnectAsync(strangers.Listen), await application.AcceptAsync()));
        Assert.Equal((0, 0), (strangers.Traffic.Errors(GatewayError.Connections), gateway.Gateway.Traffic.RefusedConnections));
        // One that has only said all keeps its place; one that has ended gives it back.
        open[0].Client.EndSending();
        Assert.Equal("", await open[0].Guest.ReadToEndAsync());
        await RefusedAsync(second.Listen);

        open[0].Guest.Dispose();
        Assert.Equal("", await open[0].Client.ReadToEndAsync());
        await Eventually.TrueAsync(() => gateway.Backend.InFlight == 3);
        open.Add((await RawClient.ConnectAsync(second.Listen), await application.AcceptAsync()));
        await open[^1].Client.SendAsync("hello");
        Assert.Equal("hello", await open[^1].Guest.ReadAsync(5));
        open.ForEach(pair => { pair.Client.Dispose(); pair.Guest.Dispose(); });
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_beside_others_on_a_connection_takes_a_place_of_its_own_and_is_503_where_there_is_none()
    {
        await using var application = await HeldApplication.StartAsync();
        await using var gateway = await TestGateway.StartHttpsAsync(application.Port, connections: 6);
        var url = new Uri("https://shop.localhost/");
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        var held = Enumerable.Range(0, 4).Select(_ => client.GetAsync(url, Cancel)).ToArray();
        await application.ArrivedAsync(4);

        using (var refused = await client.GetAsync(url, Cancel))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
            Assert.Contains("--max-connections", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Equal((4, 1), (application.Arrived, gateway.Route.Traffic.Errors(GatewayError.Connections)));
        // One who comes with nothing but a connection finds a place: requests beside others have no more than half.
        using var stranger = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version11);
        var another = stranger.GetAsync(url, Cancel);
        await application.ArrivedAsync(5);
        application.Release();
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using (var answer = await another)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await gateway.QuietAsync();
        // All of them but those of the two are there again.
        using HttpClient one = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version11), two = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version11), three = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version11), four = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version11);
        foreach (var next in (HttpClient[])[one, two, three, four, client])
        {
            using var answer = await next.GetAsync(url, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await RefusedAsync(gateway.Route.Listen);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_over_it_leaves_no_descriptor_behind_and_is_said_once_a_minute()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        var time = new FakeTimeProvider();
        using var heard = new Heard();
        await using var gateway = await TestGateway.StartAsync(application.Port, time: time, connections: 2, loggers: heard);
        using RawClient one = await AskAsync(gateway), two = await AskAsync(gateway);
        var before = OpenTo(gateway.Route.Listen);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RefusedAsync(gateway.Route.Listen)));
        Assert.Equal(200, gateway.Gateway.Traffic.RefusedConnections);
        await Eventually.TrueAsync(() => OpenTo(gateway.Route.Listen) == before);
        Assert.Equal("Clients have 2 connections open, as many as may be ('wispd serve --max-connections'); others are closed at once, 1 so far", Assert.Single(heard.Said));
        foreach (var (passed, said) in ((int, int)[])[(59, 1), (1, 2)])
        {
            time.Advance(TimeSpan.FromSeconds(passed));
            await RefusedAsync(gateway.Route.Listen);
            Assert.Equal(said, heard.Said.Count);
        }
    }

    [Fact]
    public void No_more_are_taken_at_once_than_there_are()
    {
        var places = new Places(100);
        var (taken, most) = (0, 0);
        Parallel.For(0, 10_000, _ =>
        {
            if (places.TryTake())
            {
                most = Math.Max(most, places.Taken);
                Interlocked.Increment(ref taken);
                places.Give();
            }
        });
        Assert.InRange(most, 1, 100);
        Assert.Equal((true, 0), (taken > 0, places.Taken));
        Assert.Equal(100, Enumerable.Range(0, 1000).AsParallel().Count(_ => places.TryTake()));
    }

    [Fact]
    public void It_is_a_quarter_of_the_descriptors_and_three_at_most()
    {
        var limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        var descriptors = limit == "unlimited" ? int.MaxValue * 4L : long.Parse(limit, CultureInfo.InvariantCulture);
        Assert.Equal((Math.Min(descriptors / 4, int.MaxValue), Math.Min(descriptors / 4 * 3, int.MaxValue)), (ClientConnections.Usual, ClientConnections.Most));
    }

    private static async Task<RawClient> AskAsync(TestGateway gateway)
    {
        var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Get);
        await client.ReadUntilAsync("ok");
        return client;
    }

    private static async Task RefusedAsync(IPEndPoint listen)
    {
        try
        {
            using var client = await RawClient.ConnectAsync(listen);
            Assert.Equal("", await client.ReadToAnyEndAsync());
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Before it knew that it was connected.
        }
    }

    // That another has gone is not known at once.
    private static async Task<RawClient> EnterAsync(TestGateway gateway)
    {
        while (true)
        {
            try
            {
                var client = await RawClient.ConnectAsync(gateway.Route.Listen);
                await client.SendAsync(Get);
                if (await client.TryReadAsync() is { Length: > 0 })
                {
                    return client;
                }

                client.Dispose();
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // Closed at once.
            }
        }
    }

    // Connections of this host whose own end is there and that are not over.
    private static int OpenTo(IPEndPoint listen) => System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.LocalEndPoint.Equals(listen) && connection.State != System.Net.NetworkInformation.TcpState.TimeWait);
}
