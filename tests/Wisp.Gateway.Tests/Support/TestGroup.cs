using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Listening;

namespace Wisp.Gateway.Tests.Support;

/// <summary>A real gateway with one route to several backends, each a port of loopback; the first is awake, the others sleep.</summary>
internal sealed class TestGroup : IAsyncDisposable
{
    private TestGroup(HttpGateway gateway, Route route) => (Gateway, Route) = (gateway, route);

    public HttpGateway Gateway { get; }

    public Route Route { get; }

    public Backend this[int index] => Route.Targets[index].Backend;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 512 }) { Timeout = Timeout.InfiniteTimeSpan };

    public static async Task<TestGroup> StartAsync(IReadOnlyList<int> ports, Func<Route, Route>? change = null)
    {
        var certificates = new CertificateShelf(TestAuthority.Instance, TimeProvider.System);
        var gateway = await HttpGateway.StartAsync(NullLoggerFactory.Instance, new ListenSockets(), certificates, new HttpChallenges(), ClientPatience.Usual, TimeProvider.System, TestContext.Current.CancellationToken);
        var route = TestGateway.NewRoute(TargetAt(ports[0], 0)) with { Targets = [.. ports.Select(TargetAt)] };
        route = change?.Invoke(route) ?? route;
        route.Targets[0].Backend.SetAwake();
        foreach (var target in route.Targets.Skip(1))
        {
            target.Backend.SetAsleep();
        }

        Assert.True((await gateway.PublishAsync(route, TestContext.Current.CancellationToken)).IsSuccess);
        var group = new TestGroup(gateway, route);
        group.Client.BaseAddress = new Uri($"http://{route.Listen}");
        return group;
    }

    /// <summary>A backend that wakes when it is asked.</summary>
    public static RouteTarget TargetAt(int port, int number)
    {
        var wake = new FakeWake();
        wake.Backend = TestGateway.NewBackend(wake, name: $"web-{number + 1}");
        return new RouteTarget(wake.Backend, port);
    }

    public Task<HttpResponseMessage> GetAsync() => Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Waits until nothing is in flight.</summary>
    public Task QuietAsync() => Eventually.TrueAsync(() => Route.Targets.All(target => target.Backend.InFlight == 0));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
    }
}
