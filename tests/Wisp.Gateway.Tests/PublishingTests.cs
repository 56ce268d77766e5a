using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Ports and routes that come, change and go while requests run.</summary>
public sealed class PublishingTests
{
    private static readonly Uri Root = new("/", UriKind.Relative);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RouteProtocol.Http)]
    [InlineData(RouteProtocol.Tcp)]
    public async Task A_port_that_is_taken_on_the_host_is_an_error_that_names_it_and_its_holder(RouteProtocol protocol)
    {
        await using var gateway = await TestGateway.StartAsync(1);
        var route = TestGateway.NewRoute(gateway.Route.Targets[0], protocol);
        using (var taken = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            taken.Bind(route.Listen);
            taken.Listen();
            var refused = await gateway.PublishAsync(route);
            Assert.Equal((ErrorCode.CannotAddService, "port-taken"), (refused.Error?.Code, refused.Error?.Help));
            Assert.StartsWith($"Port {route.Listen.Port} of {route.Listen.Address} is taken on this host by ", refused.Error?.Message, StringComparison.Ordinal);
            Assert.Contains($"(pid {Environment.ProcessId})", refused.Error?.Message, StringComparison.Ordinal);
        }

        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
    }

    [Fact]
    public async Task A_port_that_is_held_is_open_as_long_as_that_and_answers_challenges()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        gateway.Backend.SetAsleep();
        var challenge = new Challenge("shop.example.com", "token", "token.thumbprint");
        var listen = Loopback.Next();
        var held = (await gateway.Gateway.HoldHttpAsync(listen, Cancel)).Value;
        var again = (await gateway.Gateway.HoldHttpAsync(listen, Cancel)).Value;
        Assert.Equal((HttpStatusCode.NotFound, "There is no service on this URL."), await AskAsync(gateway, listen, challenge));
        gateway.Challenges.Put(challenge);
        Assert.Equal((HttpStatusCode.OK, "token.thumbprint"), await AskAsync(gateway, listen, challenge));
        // On a service's port it is answered as well, and nobody is woken.
        Assert.Equal((HttpStatusCode.OK, "token.thumbprint"), await AskAsync(gateway, gateway.Route.Listen, challenge));
        Assert.Equal(0, gateway.Wake.Calls);

        var route = TestGateway.NewRoute(gateway.Route.Targets[0]) with { Listen = listen };
        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
        await gateway.Gateway.UnpublishAsync(route.Id);
        await held.DisposeAsync();
        Assert.Equal((HttpStatusCode.OK, "token.thumbprint"), await AskAsync(gateway, listen, challenge));
        await again.DisposeAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(listen, Cancel));
    }

    [Fact]
    public async Task A_port_that_is_held_gives_way_to_a_service_of_another_kind()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        var listen = Loopback.Next();
        await using var held = (await gateway.Gateway.HoldHttpAsync(listen, Cancel)).Value;
        Assert.True((await gateway.PublishAsync(TestGateway.NewRoute(gateway.Route.Targets[0], RouteProtocol.Tcp) with { Listen = listen })).IsSuccess);
        Assert.Equal(ErrorCode.CannotAddService, (await gateway.Gateway.HoldHttpAsync(listen, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task An_address_that_is_not_this_hosts_is_an_error()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        // TEST-NET-1 (RFC 5737): nobody's.
        var route = gateway.Route with { Id = Guid.NewGuid(), Listen = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 18_080) };
        var refused = await gateway.PublishAsync(route);
        Assert.Equal(ErrorCode.CannotAddService, refused.Error?.Code);
        Assert.Contains("192.0.2.1:18080", refused.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_another_service_is_an_error_that_names_the_service()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("mine"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var refused = await gateway.PublishAsync(gateway.Route with { Id = Guid.NewGuid(), ServiceName = "other" });
        Assert.Equal(ErrorCode.CannotAddService, refused.Error?.Code);
        Assert.Contains("taken by the service 'web'", refused.Error?.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await gateway.Client.GetStringAsync(Root, Cancel));
    }

    [Fact]
    public async Task Services_share_a_port_by_name()
    {
        await using var shop = await Application.StartAsync(context => context.Response.WriteAsync("shop"));
        await using var blog = await Application.StartAsync(context => context.Response.WriteAsync("blog"));
        await using var gateway = await TestGateway.StartAsync(shop.Port);
        Assert.True((await gateway.PublishAsync(gateway.Route with { Domains = ["shop.localhost"] })).IsSuccess);
        var second = gateway.Route with { Id = Guid.NewGuid(), Domains = ["blog.localhost", "www.localhost"], Targets = [new RouteTarget(gateway.Backend, blog.Port)] };
        Assert.True((await gateway.PublishAsync(second)).IsSuccess);
        Assert.Equal((200, "shop"), await AskAsync("shop.localhost"));
        Assert.Equal((200, "blog"), await AskAsync("Blog.LocalHost:18080"));
        Assert.Equal((200, "blog"), await AskAsync("www.localhost"));
        Assert.Equal((404, "There is no service on this URL.\n"), await AskAsync("nobody.localhost"));
        Assert.Equal(
            ErrorCode.CannotAddService,
            (await gateway.PublishAsync(second with { Id = Guid.NewGuid(), Domains = ["new.localhost", "WWW.localhost"] })).Error?.Code);

        await gateway.Gateway.UnpublishAsync(gateway.Route.Id);
        Assert.Equal((404, "There is no service on this URL.\n"), await AskAsync("shop.localhost"));
        Assert.Equal((200, "blog"), await AskAsync("blog.localhost"));

        async Task<(int, string)> AskAsync(string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Root);
            request.Headers.Host = host;
            using var answer = await gateway.Client.SendAsync(request, Cancel);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task A_port_on_all_addresses_answers_on_each(string any)
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("here"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var port = TcpApplication.NobodysPort();
        Assert.True((await gateway.PublishAsync(gateway.Route with { Id = Guid.NewGuid(), Listen = new IPEndPoint(IPAddress.Parse(any), port) })).IsSuccess);
        Assert.Equal("here", await gateway.Client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancel));
        Assert.Equal("here", await gateway.Client.GetStringAsync(new Uri($"http://127.9.9.9:{port}/"), Cancel));
        if (any == "::")
        {
            Assert.Equal("here", await gateway.Client.GetStringAsync(new Uri($"http://[::1]:{port}/"), Cancel));
        }
    }

    [Fact]
    public async Task A_request_that_runs_outlives_its_port()
    {
        var (running, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var application = await Application.StartAsync(async context =>
        {
            running.SetResult();
            await done.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetStringAsync(Root, Cancel);
        await running.Task.WaitAsync(Cancel);
        await gateway.Gateway.UnpublishAsync(gateway.Route.Id);
        var refused = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(gateway.Route.Listen));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        done.SetResult();
        Assert.Equal("finished", await asking);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_tcp_connection_that_is_open_outlives_its_port()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        using var guest = await application.AcceptAsync();
        await gateway.Gateway.UnpublishAsync(gateway.Route.Id);
        await client.SendAsync("still here");
        Assert.Equal("still here", await guest.ReadUntilAsync("here"));
    }

    [Fact]
    public async Task A_port_can_be_published_again_at_once_even_after_traffic()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        for (var i = 0; i < 5; i++)
        {
            using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await client.ReadUntilAsync("ok");
            await gateway.Gateway.UnpublishAsync(gateway.Route.Id);
            Assert.True((await gateway.PublishAsync(gateway.Route)).IsSuccess);
        }
    }

    [Fact]
    public async Task A_route_is_replaced_without_closing_its_connections()
    {
        await using var old = await Application.StartAsync(context => context.Response.WriteAsync("old"));
        await using var anew = await Application.StartAsync(context => context.Response.WriteAsync("new"));
        await using var gateway = await TestGateway.StartAsync(old.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("old\r\n0\r\n\r\n");
        Assert.True((await gateway.PublishAsync(gateway.Route with { Targets = [new RouteTarget(gateway.Backend, anew.Port)] })).IsSuccess);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("new\r\n0\r\n\r\n");
    }

    [Fact]
    public async Task A_route_that_moves_to_another_port_leaves_the_old_one()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var moved = gateway.Route with { Listen = Loopback.Next() };
        Assert.True((await gateway.PublishAsync(moved)).IsSuccess);
        Assert.Equal("ok", await gateway.Client.GetStringAsync(new Uri($"http://{moved.Listen}/"), Cancel));
        await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(gateway.Route.Listen));
    }

    [Fact]
    public async Task A_route_that_changes_its_protocol_changes_it()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        Assert.True((await gateway.PublishAsync(gateway.Route with { Protocol = RouteProtocol.Tcp })).IsSuccess);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("not http\n");
        using var guest = await application.AcceptAsync();
        Assert.Equal("not http\n", await guest.ReadUntilAsync("\n"));
    }

    [Fact]
    public async Task Taking_away_what_is_not_there_is_no_trouble()
    {
        await using var gateway = await TestGateway.StartAsync(1);
        await gateway.Gateway.UnpublishAsync(Guid.NewGuid());
        Assert.True((await gateway.PublishAsync(gateway.Route)).IsSuccess);
    }

    [Fact]
    public async Task No_request_is_lost_while_routes_change_all_the_time()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var over = false;
        var changing = Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref over))
                {
                    var other = TestGateway.NewRoute(gateway.Route.Targets[0]) with { Listen = new IPEndPoint(IPAddress.Parse("127.8.8.8"), gateway.Route.Listen.Port) };
                    Assert.True((await gateway.PublishAsync(other)).IsSuccess);
                    Assert.True((await gateway.PublishAsync(gateway.Route)).IsSuccess);
                    await gateway.Gateway.UnpublishAsync(other.Id);
                }
            },
            Cancel);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal("ok", await gateway.Client.GetStringAsync(Root, Cancel));
        }

        Volatile.Write(ref over, true);
        await changing;
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(TestGateway gateway, IPEndPoint at, Challenge challenge)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{at}/.well-known/acme-challenge/{challenge.Token}")) { Headers = { Host = challenge.Host } };
        using var response = await gateway.Client.SendAsync(request, Cancel);
        return (response.StatusCode, (await response.Content.ReadAsStringAsync(Cancel)).TrimEnd());
    }
}
