using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Udp;

namespace Wisp.Gateway.Tests.Observing;

/// <summary>What the gateway counts of a service.</summary>
public sealed class ServiceTrafficTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_counted_by_status_and_bytes_by_direction()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = context.Request.Path == "/missing" ? 404 : 200;
            await context.Response.WriteAsync("123456789");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var traffic = gateway.Route.Traffic;
        await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        using var missing = await gateway.Client.GetAsync(new Uri("/missing", UriKind.Relative), Cancel);
        using var posted = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("12345"), Cancel);
        await Eventually.TrueAsync(() => traffic.InFlight == 0);
        Assert.Equal([0, 2, 0, 1, 0], traffic.Statuses);
        Assert.Equal((5, 27, 0), (traffic.ReceivedBytes, traffic.SentBytes, traffic.Connections));
        // A status of the application is no error of the gateway.
        Assert.DoesNotContain(Enum.GetValues<GatewayError>(), error => traffic.Errors(error) > 0);
    }

    [Fact]
    public async Task Bytes_are_counted_while_they_flow()
    {
        var more = new TaskCompletionSource();
        await using var application = await Application.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first", Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            await more.Task;
            await context.Response.WriteAsync("second", Cancel);
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var traffic = gateway.Route.Traffic;
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await Eventually.TrueAsync(() => traffic.SentBytes == 5);
        Assert.Equal((1, 0L), (traffic.InFlight, traffic.Statuses.Sum()));
        more.SetResult();
        Assert.Equal("firstsecond", await answer.Content.ReadAsStringAsync(Cancel));
        await Eventually.TrueAsync(() => traffic is { InFlight: 0, SentBytes: 11 });
    }

    [Fact]
    public async Task What_is_held_is_counted_while_it_waits_and_its_time_once_and_the_wake_once_for_all()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var traffic = gateway.Route.Traffic;
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        var asked = Enumerable.Range(0, 8).Select(_ => gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel)).ToArray();
        await Eventually.TrueAsync(() => traffic.Held == 8);
        Assert.Equal((8, 0L), (traffic.InFlight, traffic.Holds.Counts().Sum()));
        awake.SetResult(Result.Success);
        await Task.WhenAll(asked);
        await Eventually.TrueAsync(() => traffic.InFlight == 0);
        Assert.Equal((0, 8, 1), (traffic.Held, traffic.Holds.Counts().Sum(), traffic.Wakes.Counts().Sum()));
        Assert.True(traffic.Holds.Sum > TimeSpan.Zero);
    }

    [Fact]
    public async Task Who_waits_in_vain_has_waited_too()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        var traffic = gateway.Route.Traffic;
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ => Task.FromResult<Result>(new WispError(ErrorCode.OperationFailed, "Gone."));
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        await Eventually.TrueAsync(() => traffic.InFlight == 0);
        Assert.Equal((0, 1, 0), (traffic.Held, traffic.Holds.Counts().Sum(), traffic.Wakes.Counts().Sum()));
        Assert.Equal((1, 1), (traffic.Errors(GatewayError.WakeFailed), traffic.Statuses[4]));
    }

    [Fact]
    public async Task Errors_of_the_gateway_are_counted_by_their_reason()
    {
        await using var gateway = await TestGateway.StartAsync(TcpApplication.NobodysPort());
        var traffic = gateway.Route.Traffic;
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(gateway));
        gateway.Backend.SetGone();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway));
        gateway.Backend.SetAsleep();
        var never = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => never.Task;
        await gateway.PublishAsync(gateway.Route with { HoldDeadline = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway));
        never.SetResult(Result.Success);
        gateway.Backend.SetAwake();
        await gateway.PublishAsync(gateway.Route with { HardLimit = 0 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(gateway));
        await Eventually.TrueAsync(() => traffic.InFlight == 0);
        Assert.Equal(
            [GatewayError.Limit, GatewayError.NoInstance, GatewayError.WakeTimeout, GatewayError.Unreachable],
            Enum.GetValues<GatewayError>().Where(error => traffic.Errors(error) == 1));
        Assert.Equal([0, 0, 0, 0, 4], traffic.Statuses);
        await gateway.PublishAsync(gateway.Route with { Domains = ["web.localhost"] });
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(gateway));
        await Eventually.TrueAsync(() => gateway.Gateway.Traffic.Unrouted == 1);
    }

    [Fact]
    public async Task A_session_of_datagrams_is_a_connection_with_its_bytes_and_its_losses_and_has_a_line_at_its_end()
    {
        using var guest = new UdpApplication();
        await using var logged = await LoggedGateway.StartAsync(guest.Port, RouteProtocol.Udp);
        var traffic = logged.Gateway.Route.Traffic;
        using UdpApplication client = new UdpApplication().To(logged.Gateway.Route.Listen), refused = new UdpApplication().To(logged.Gateway.Route.Listen);
        client.Send("question");
        await guest.EchoAsync("answer to ");
        await client.HearAsync();
        client.Send("more");
        await guest.HearAsync();
        await logged.Gateway.PublishAsync(logged.Gateway.Route with { HardLimit = 1 });
        refused.Send("lost");
        await Eventually.TrueAsync(() => traffic.Errors(GatewayError.Limit) == 1);
        Assert.Equal((2, 2, 12, 18), (traffic.Connections, traffic.InFlight, traffic.ReceivedBytes, traffic.SentBytes));
        Assert.Equal(0, logged.Log.Lines);
        await logged.Gateway.Gateway.UnpublishAsync(logged.Gateway.Route.Id);
        var lines = await logged.LinesAsync(2);
        Assert.Equal(
            """{"service":"web","instance":"web-1","client":"CLIENT","protocol":"udp","bytes_in":12,"bytes_out":18""".Replace("CLIENT", $"127.0.0.1:{client.Port}", StringComparison.Ordinal),
            "{" + lines.Single(line => !line.TryGetProperty("error", out _)).GetRawText().Split(',', 2)[1].Split(",\"duration_ms\"")[0]);
        Assert.Equal("limit", lines.Single(line => !line.TryGetProperty("instance", out _)).GetProperty("error").GetString());
        Assert.Equal(0, traffic.InFlight);
    }

    [Fact]
    public async Task What_can_be_read_in_two_ways_is_one_and_noted()
    {
        await using var logged = await LoggedGateway.StartAsync(1);
        using var client = await RawClient.ConnectAsync(logged.Gateway.Route.Listen);
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", await client.ReadToEndAsync(), StringComparison.Ordinal);
        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal((400, "bad_request", "/a"), (line.GetProperty("status").GetInt32(), line.GetProperty("error").GetString(), line.GetProperty("path").GetString()));
        var traffic = logged.Gateway.Route.Traffic;
        Assert.Equal((1, 1), (traffic.Errors(GatewayError.BadRequest), traffic.Statuses[3]));
    }

    [Fact]
    public async Task What_breaks_in_the_gateway_is_500_for_the_client_and_in_what_is_noted()
    {
        await using var logged = await LoggedGateway.StartAsync(1);
        await logged.Gateway.PublishAsync(logged.Gateway.Route with { Demand = new BrokenDemand() });
        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync(logged.Gateway));
        Assert.Equal(500, Assert.Single(await logged.LinesAsync(1)).GetProperty("status").GetInt32());
        Assert.Equal([0, 0, 0, 0, 1], logged.Gateway.Route.Traffic.Statuses);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_one()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        using (var guest = await application.AcceptAsync())
        {
            await guest.ReadUntilAsync("\r\n\r\n");
            await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            using var answer = await asking;
            guest.EndSending();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(Cancel));
        }

        await Eventually.TrueAsync(() => gateway.Route.Traffic is { InFlight: 0 } traffic && traffic.Errors(GatewayError.BrokenOff) == 1);
        Assert.Equal(1, gateway.Route.Traffic.Statuses[1]);
    }

    [Fact]
    public async Task Connections_are_counted_with_their_bytes_also_those_that_are_parked()
    {
        foreach (var parks in (bool[])[false, true])
        {
            using var application = new TcpApplication();
            await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
            gateway.Backend.ParksSilent = parks;
            var traffic = gateway.Route.Traffic;
            using (var client = await RawClient.ConnectAsync(gateway.Route.Listen))
            using (var guest = await application.AcceptAsync())
            {
                await client.SendAsync("question");
                Assert.Equal("question", await guest.ReadUntilAsync("question"));
                await guest.SendAsync("answer");
                Assert.Equal("answer", await client.ReadUntilAsync("answer"));
                Assert.Equal((1, 1), (traffic.InFlight, traffic.Connections));
            }

            await Eventually.TrueAsync(() => traffic.InFlight == 0);
            Assert.Equal((8, 6, 1, 0), (traffic.ReceivedBytes, traffic.SentBytes, traffic.Connections, traffic.Statuses.Sum()));
        }
    }

    [Fact]
    public async Task Both_directions_of_a_switched_protocol_are_counted()
    {
        await using var application = await Application.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var heard = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, heard.Count), heard.MessageType, true, context.RequestAborted);
            await socket.ReceiveAsync(buffer, context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = new System.Net.WebSockets.ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://{gateway.Route.Listen}/"), Cancel);
        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), System.Net.WebSockets.WebSocketMessageType.Text, true, Cancel);
        var answer = new byte[64];
        await client.ReceiveAsync(answer, Cancel);
        // A frame of a client has four bytes more: its mask.
        Assert.Equal((11, 7), (gateway.Route.Traffic.ReceivedBytes, gateway.Route.Traffic.SentBytes));
    }

    [Fact]
    public async Task What_was_counted_stays_when_the_route_is_replaced()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        await using var gateway = await TestGateway.StartAsync(application.Port);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
        await gateway.PublishAsync(gateway.Route with { SoftLimit = 7 });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
        await Eventually.TrueAsync(() => gateway.Route.Traffic.Statuses[1] == 2);
    }

    [Fact]
    public void To_count_a_request_allocates_nothing()
    {
        var observer = new Observer(log: null, TimeProvider.System);
        var context = new DefaultHttpContext();
        var route = TestGateway.NewRoute(TestGroup.TargetAt(1, 0));
        Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Count();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal((1001, 1001), (route.Traffic.Statuses[1], route.Traffic.Errors(GatewayError.Limit)));

        void Count()
        {
            using var passage = observer.Begin(context, route);
            passage.To(route.Targets[0].Backend);
            Assert.NotNull(passage.Transformer);
            passage.Fail(GatewayError.Limit);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway)
    {
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        return answer.StatusCode;
    }

    private sealed class BrokenDemand : IDemand
    {
        public bool IsNearLimit => throw new InvalidOperationException("It broke.");

        public void NoneFree()
        {
        }
    }
}
