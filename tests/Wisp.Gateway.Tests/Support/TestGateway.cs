using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Tests.Support;

/// <summary>A real gateway with one route to one backend.</summary>
internal sealed record TestGateway : IAsyncDisposable
{
    public required HttpGateway Gateway { get; init; }
    public required FakeWake Wake { get; init; }
    public required CertificateShelf Certificates { get; init; }
    public required HttpChallenges Challenges { get; init; }
    public required Backend Backend { get; init; }
    public required Route Route { get; init; }
    public required HttpClient Client { get; init; }

    public Uri Url => new($"http://{Route.Listen}");

    /// <summary>Starts it, with the backend awake.</summary>
    /// <param name="port">Where the backend listens on loopback.</param>
    /// <param name="protocol">What is forwarded.</param>
    /// <param name="time">The clock of holds; real unless given.</param>
    /// <param name="patience">How long clients are waited for.</param>
    /// <param name="log">Where requests are noted; nowhere unless given.</param>
    /// <param name="connections">How many clients may be connected.</param>
    /// <param name="loggers">Who hears what the gateway says of itself.</param>
    public static async Task<TestGateway> StartAsync(
        int port, RouteProtocol protocol = RouteProtocol.Http, TimeProvider? time = null, ClientPatience? patience = null, AccessLog? log = null, int? connections = null,
        ILoggerFactory? loggers = null)
    {
        time ??= TimeProvider.System;
        var certificates = new CertificateShelf(TestAuthority.Instance, TimeProvider.System);
        var challenges = new HttpChallenges();
        var gateway = await HttpGateway.StartAsync(loggers ?? NullLoggerFactory.Instance, new ListenSockets(), certificates, challenges, patience ?? ClientPatience.Usual, time, TestContext.Current.CancellationToken, log, connections);
        var wake = new FakeWake();
        var backend = NewBackend(wake, time);
        wake.Backend = backend;
        backend.SetAwake();
        var route = NewRoute(new RouteTarget(backend, port), protocol);
        Assert.True((await gateway.PublishAsync(route, TestContext.Current.CancellationToken)).IsSuccess);
        // No limit of its own: the test's cancellation ends what hangs.
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 })
        {
            BaseAddress = new Uri($"http://{route.Listen}"), Timeout = Timeout.InfiniteTimeSpan,
        };
        return new TestGateway { Gateway = gateway, Certificates = certificates, Challenges = challenges, Wake = wake, Backend = backend, Route = route, Client = client };
    }

    public static Backend NewBackend(IWakeHandler wake, TimeProvider? time = null, string name = "web-1") =>
        new(Guid.NewGuid(), name, IPAddress.Loopback, wake, time ?? TimeProvider.System);

    public static Route NewRoute(RouteTarget target, RouteProtocol protocol = RouteProtocol.Http) => new()
    {
        Id = Guid.NewGuid(), ServiceName = "web", Listen = Loopback.Next(), Protocol = protocol, Targets = [target],
    };

    /// <summary>Starts it with the route at the name shop.localhost, over TLS.</summary>
    public static async Task<TestGateway> StartHttpsAsync(int port, ClientPatience? patience = null, int? connections = null)
    {
        var gateway = await StartAsync(port, patience: patience, connections: connections);
        var certificates = new Dictionary<string, Guid?>(StringComparer.OrdinalIgnoreCase) { ["shop.localhost"] = null };
        var route = gateway.Route with { Tls = true, Domains = ["shop.localhost"], Certificates = certificates };
        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
        return gateway with { Route = route };
    }

    public Task<Result> PublishAsync(Route route) => Gateway.PublishAsync(route, TestContext.Current.CancellationToken);

    /// <summary>Waits until nothing is in flight.</summary>
    public Task QuietAsync() => Eventually.TrueAsync(() => Backend.InFlight == 0);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
    }
}
