using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Udp;

namespace Wisp.Gateway.Tests;

/// <summary>A gateway that is followed by another on the same sockets.</summary>
public sealed class HandoverTests
{
    private const string Request = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_connects_between_two_gateways_is_served_by_the_second()
    {
        await using var application = await Application.StartAsync(_ => Task.CompletedTask);
        using var sockets = new ListenSockets();
        var backend = TestGateway.NewBackend(new FakeWake());
        backend.SetAwake();
        var route = TestGateway.NewRoute(new RouteTarget(backend, application.Port));
        RawClient waiting;
        await using (var first = await StartAsync(sockets))
        {
            Assert.True((await first.PublishAsync(route, Cancel)).IsSuccess);
            using var kept = await RawClient.ConnectAsync(route.Listen);
            await kept.SendAsync(Request);
            Assert.DoesNotContain("close", await kept.ReadUntilAsync("\r\n\r\n"), StringComparison.OrdinalIgnoreCase);

            var draining = first.DrainAsync();
            // Who keeps a connection hears with an answer that it ends, and only then it does.
            await kept.SendAsync(Request);
            Assert.Contains("connection: close", await kept.ReadToEndAsync(), StringComparison.OrdinalIgnoreCase);
            await draining;
            waiting = await RawClient.ConnectAsync(route.Listen);
            await waiting.SendAsync(Request);
        }

        using (waiting)
        {
            // The first let go of the port as well as of its own socket.
            sockets.Leave();
            using var inherited = ListenSockets.Inherit();
            await using var second = await StartAsync(inherited);
            second.Hold();
            Assert.True((await second.PublishAsync(route, Cancel)).IsSuccess);
            var answer = waiting.ReadUntilAsync("\r\n\r\n");
            await Task.Delay(50, Cancel);
            Assert.False(answer.IsCompleted, "It was let in before all routes were there.");
            second.Admit();
            Assert.StartsWith("HTTP/1.1 200", await answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_said_between_two_gateways_is_heard_by_the_second(bool isOfAll)
    {
        using var guest = new UdpApplication();
        var sockets = new ListenSockets();
        var backend = TestGateway.NewBackend(new FakeWake());
        backend.SetAwake();
        var route = TestGateway.NewRoute(new RouteTarget(backend, guest.Port), RouteProtocol.Udp);
        var asked = isOfAll ? new IPEndPoint(route.Listen.Address, Loopback.NextPort()) : route.Listen;
        route = isOfAll ? route with { Listen = new IPEndPoint(IPAddress.IPv6Any, asked.Port) } : route;
        using var client = new UdpApplication().To(asked);
        await using (var first = await StartAsync(sockets))
        {
            Assert.True((await first.PublishAsync(route, Cancel)).IsSuccess);
            client.Send("before");
            Assert.Equal("before", await guest.EchoAsync());
            Assert.Equal("before", await client.HearAsync());
            await first.DrainAsync();
            client.Send("drained");
        }

        client.Send("between");
        sockets.Leave();
        using var inherited = ListenSockets.Inherit();
        // As execve(2) does.
        sockets.Dispose();
        await using var second = await StartAsync(inherited);
        second.Hold();
        Assert.True((await second.PublishAsync(route, Cancel)).IsSuccess);
        inherited.CloseUnclaimed();
        client.Send("early");
        var heard = guest.EchoAsync();
        await Task.Delay(50, Cancel);
        Assert.False(heard.IsCompleted, "It was heard before all routes were there.");
        second.Admit();
        Assert.Equal("drained", await heard);
        Assert.Equal(("between", "early"), (await guest.EchoAsync(), await guest.EchoAsync()));
        Assert.Equal(("drained", "between", "early"), (await client.HearAsync(), await client.HearAsync(), await client.HearAsync()));

        await second.UnpublishAsync(route.Id);
        using var next = new UdpApplication(route.Listen.Address, route.Listen.Port);
    }

    [Fact]
    public async Task What_is_lent_outlasts_who_lent_it_with_what_nobody_has_heard_yet()
    {
        var sockets = new ListenSockets();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using (var first = sockets.Lend("of others", Bind))
        {
            await client.ConnectAsync(first.LocalEndPoint!, Cancel);
            await client.SendAsync("one"u8.ToArray(), Cancel);
            Assert.Equal(3, await first.ReceiveAsync(new byte[16], Cancel));
        }

        await client.SendAsync("between"u8.ToArray(), Cancel);
        sockets.Leave();
        using var inherited = ListenSockets.Inherit();
        // As execve(2) does.
        sockets.Dispose();
        using var second = inherited.Lend("of others", () => throw new InvalidOperationException("It is there."));
        Assert.Equal(7, await second.ReceiveAsync(new byte[16], Cancel));

        static Socket Bind()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }
    }

    [Fact]
    public async Task What_is_said_to_a_udp_port_waits_until_all_are_admitted()
    {
        using var guest = new UdpApplication();
        using var sockets = new ListenSockets();
        var backend = TestGateway.NewBackend(new FakeWake());
        backend.SetAwake();
        var route = TestGateway.NewRoute(new RouteTarget(backend, guest.Port), RouteProtocol.Udp);
        await using var gateway = await StartAsync(sockets);
        gateway.Hold();
        Assert.True((await gateway.PublishAsync(route, Cancel)).IsSuccess);
        using var client = new UdpApplication().To(route.Listen);
        client.Send("early");
        var heard = guest.HearAsync();
        await Task.Delay(50, Cancel);
        Assert.False(heard.IsCompleted, "It was heard before all routes were there.");
        gateway.Admit();
        Assert.Equal("early", await heard);
    }

    [Fact]
    public async Task A_udp_port_that_nobody_was_admitted_to_closes()
    {
        using var sockets = new ListenSockets();
        var route = TestGateway.NewRoute(new RouteTarget(TestGateway.NewBackend(new FakeWake()), 1), RouteProtocol.Udp);
        await using var gateway = await StartAsync(sockets);
        gateway.Hold();
        Assert.True((await gateway.PublishAsync(route, Cancel)).IsSuccess);
        await gateway.UnpublishAsync(route.Id);
        using var next = new UdpApplication(route.Listen.Address, route.Listen.Port);
    }

    [Fact]
    public async Task A_port_that_nobody_wants_any_more_refuses()
    {
        using var sockets = new ListenSockets();
        var backend = TestGateway.NewBackend(new FakeWake());
        var route = TestGateway.NewRoute(new RouteTarget(backend, 1));
        await using var gateway = await StartAsync(sockets);
        Assert.True((await gateway.PublishAsync(route, Cancel)).IsSuccess);
        (await RawClient.ConnectAsync(route.Listen)).Dispose();
        await gateway.UnpublishAsync(route.Id);
        await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(route.Listen));
    }

    private static Task<HttpGateway> StartAsync(ListenSockets sockets) => HttpGateway.StartAsync(
        NullLoggerFactory.Instance, sockets, new CertificateShelf(TestAuthority.Instance, TimeProvider.System), new HttpChallenges(), ClientPatience.Usual, TimeProvider.System, Cancel);
}
