using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Forwarding;
using Wisp.Gateway.Forwarding.Udp;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway;

/// <summary>The gateway: one Kestrel for all ports, with a listener for each kind of conversation, and a routing table that all read.</summary>
public sealed class HttpGateway : IGateway
{
    // Everybody who comes meanwhile waits for the slowest of those who are there.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(10);

    // How long a connection that is kept alive has for a request, with whose answer it learns that it ends.
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _change = new(1, 1);
    private readonly Dictionary<IPEndPoint, Port> _ports = [];
    private readonly List<IPEndPoint> _held = [];
    private readonly DynamicListeners _listeners;
    private readonly WebApplication _server;
    private readonly SocketTransportFactory _transport;
    private readonly ILogger _logger;
    private readonly RoutingTable _routes;
    private readonly ListenSockets _sockets;
    private readonly Leaving _leaving;
    private readonly ConnectionLimit _limit;
    private readonly UdpServices _udp;
    private readonly Observer _observer;
    private readonly AccessLog? _log;
    private TaskCompletionSource _admitted = new();

    private HttpGateway(
        WebApplication server, DynamicListeners listeners, RoutingTable routes, ListenSockets sockets, Leaving leaving, ConnectionLimit limit, UdpServices udp, Observer observer,
        AccessLog? log, ILoggerFactory loggers)
    {
        (_server, _listeners, _routes, _sockets, _leaving, _limit, _udp, _observer, _log) = (server, listeners, routes, sockets, leaving, limit, udp, observer, log);
        _logger = loggers.CreateLogger("Wisp.Gateway");
        _transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = Listen }), loggers);
        _admitted.SetResult();
    }

    /// <inheritdoc/>
    public GatewayTraffic Traffic => new(
        _observer.Unrouted.Errors(GatewayError.NoService), _observer.Unrouted.Errors(GatewayError.Connections), _log?.Lines ?? 0, _log?.Dropped ?? 0);

    /// <summary>Starts a gateway without any port.</summary>
    /// <param name="loggers">Logs.</param>
    /// <param name="sockets">What it listens on. They stay open when it is disposed of.</param>
    /// <param name="certificates">What TLS clients are shown.</param>
    /// <param name="challenges">What certificate authorities are answered, whoever else they could have meant.</param>
    /// <param name="patience">How long clients are waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="log">Where requests are noted, or null. It outlives the gateway.</param>
    /// <param name="connections">How many connections clients have open at most; null for <see cref="ClientConnections.Usual"/>.</param>
    public static async Task<HttpGateway> StartAsync(
        ILoggerFactory loggers, ListenSockets sockets, CertificateShelf certificates, HttpChallenges challenges, ClientPatience patience, TimeProvider time,
        CancellationToken cancellation, AccessLog? log = null, int? connections = null)
    {
        // A line ends with CR LF (RFC 9112 section 2.2); where LF alone is one, others see a header with a line break in it.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var listeners = new DynamicListeners();
        var routes = new RoutingTable();
        var refusals = new Refusals(time, loggers.CreateLogger("Wisp.Gateway"));
        var observer = new Observer(log, time);
        var limit = new ConnectionLimit(connections ?? ClientConnections.Usual, observer.Unrouted, time, loggers.CreateLogger("Wisp.Gateway"));
        var tcp = new TcpRouteHandler(() => routes.Now, time, limit, refusals, observer, loggers.CreateLogger("Wisp.Gateway"));
        var handshakes = new TlsHandshakes(() => routes.Now, certificates, patience.Header);
        var leaving = new Leaving();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            // Latin-1 on every hop: the bytes of a header stay what they are, whatever they were meant to be.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.RequestHeadersTimeout = patience.Header;
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(patience.BytesPerSecond, patience.Body);
            kestrel.Limits.KeepAliveTimeout = patience.Idle;
            kestrel.Listen(DynamicListeners.EndPointOf(ListenerKind.Http), http =>
            {
                http.Protocols = HttpProtocols.Http1;
                http.Use(leaving.Count);
            });
            kestrel.Listen(DynamicListeners.EndPointOf(ListenerKind.Https), https =>
            {
                https.Protocols = HttpProtocols.Http1AndHttp2;
                https.Use(leaving.Count);
                https.Use(ConnectionLimit.Own);
                https.UseHttps(handshakes.Options(SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
            });
            kestrel.Listen(DynamicListeners.EndPointOf(ListenerKind.Tls), tls =>
            {
                tls.UseHttps(handshakes.Options());
                tls.Run(tcp.HandleAsync);
            });
            kestrel.Listen(DynamicListeners.EndPointOf(ListenerKind.Tcp), bytes => bytes.Run(tcp.HandleAsync));
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listeners);
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        var http = new HttpRouteHandler(() => routes.Now, server.Services.GetRequiredService<IHttpForwarder>(), challenges, time, limit, refusals, observer);
        server.Run(context =>
        {
            leaving.Tell(context);
            return http.HandleAsync(context);
        });
        await server.StartAsync(cancellation);
        var udp = new UdpServices(sockets, UdpLimits.Default, time, refusals, observer, loggers.CreateLogger("Wisp.Gateway"));
        return new HttpGateway(server, listeners, routes, sockets, leaving, limit, udp, observer, log, loggers);
    }

    /// <inheritdoc/>
    public async Task<Result> PublishAsync(Route route, CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            if (route.Protocol == RouteProtocol.Udp)
            {
                return await _udp.PublishAsync(route, _admitted.Task);
            }

            if (_routes.Now.Conflict(route) is { } other)
            {
                return PortHolder.Refusal(route, other);
            }

            var before = _routes.Now.EndPointOf(route.Id);
            foreach (var held in _held.Where(held => held.Port == route.Listen.Port && !held.Equals(route.Listen)).Distinct().ToArray())
            {
                // Who waits on all addresses is in the way of who wants one.
                await CloseUnusedAsync(held, isHeld: false);
            }

            if ((await OpenAsync(route.Listen, route.Kind, cancellation)).Failed(out var error))
            {
                return error;
            }

            _routes.Now = _routes.Now.With(route);
            await CloseUnusedAsync(before);
            return Result.Success;
        }
        finally
        {
            _change.Release();
        }
    }

    /// <inheritdoc/>
    public async Task UnpublishAsync(Guid routeId)
    {
        await _change.WaitAsync();
        try
        {
            await _udp.UnpublishAsync(routeId);
            var before = _routes.Now.EndPointOf(routeId);
            _routes.Now = _routes.Now.Without(routeId);
            await CloseUnusedAsync(before);
        }
        finally
        {
            _change.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<Result<IAsyncDisposable>> HoldHttpAsync(IPEndPoint listen, CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            if (_routes.Now.Uses(listen) && _ports.TryGetValue(listen, out var open) && open.Kind != ListenerKind.Http)
            {
                return new WispError(ErrorCode.CannotAddService, $"Port {listen.Port} of {listen.Address} is taken by a service that does not speak HTTP there.", "Publish that on another port.", "port-taken");
            }

            if ((await OpenAsync(listen, ListenerKind.Http, cancellation)).Failed(out var error))
            {
                return error;
            }

            _held.Add(listen);
            return new HeldPort(this, listen);
        }
        finally
        {
            _change.Release();
        }
    }

    /// <summary>Lets nobody in until <see cref="Admit"/>: who connects to a port that is opened meanwhile waits. Before any is opened.</summary>
    public void Hold() => _admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets in who has waited, and whoever comes.</summary>
    public void Admit() => _admitted.TrySetResult();

    /// <summary>
    /// Accepts no more, and ends when those who are connected have gone: each HTTP/1.1 client is told so with its next answer, and what is under
    /// way has a while. Datagrams come and go meanwhile; what comes in the end waits for who listens next.
    /// </summary>
    public async Task DrainAsync()
    {
        await _change.WaitAsync();
        try
        {
            _leaving.Begin();
            foreach (var port in _ports.Values)
            {
                await port.StopAcceptingAsync();
            }
        }
        finally
        {
            _change.Release();
        }

        var from = TimeProvider.System.GetTimestamp();
        while (_leaving.Connections > 0 && TimeProvider.System.GetElapsedTime(from) < IdlePatience)
        {
            await Task.Delay(LookInterval, TimeProvider.System);
        }

        await StopServerAsync();
        await _change.WaitAsync();
        try
        {
            await _udp.DrainAsync();
        }
        finally
        {
            _change.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports.Values)
        {
            await port.DisposeAsync();
        }

        await _udp.DisposeAsync();
        await StopServerAsync();
        await _server.DisposeAsync();
        _change.Dispose();
    }

    private async Task StopServerAsync()
    {
        using var patience = new CancellationTokenSource(ShutdownPatience);
        await _server.StopAsync(patience.Token);
    }

    // What is accepted inherits it.
    private Socket Listen(EndPoint endpoint)
    {
        var socket = _sockets.Open(endpoint.ToString()!, endpoint);
        Liveness.Watch(socket);
        // Who takes nothing of what it is sent would keep an instance awake.
        Liveness.LimitStall(socket, StallLimit);
        return socket;
    }

    private async Task<Result> OpenAsync(IPEndPoint endpoint, ListenerKind kind, CancellationToken cancellation)
    {
        if (_ports.TryGetValue(endpoint, out var open))
        {
            if (open.Kind == kind)
            {
                return Result.Success;
            }

            await CloseAsync(endpoint, open);
        }

        if ((await Port.OpenAsync(_transport, endpoint, kind, _admitted.Task, _limit, _listeners[kind].OfferAsync, _logger, cancellation)).Failed(out var error, out var port))
        {
            return error;
        }

        _ports[endpoint] = port;
        return Result.Success;
    }

    private async Task ReleaseAsync(IPEndPoint endpoint)
    {
        await _change.WaitAsync();
        try
        {
            _held.Remove(endpoint);
            await CloseUnusedAsync(endpoint);
        }
        finally
        {
            _change.Release();
        }
    }

    private Task CloseUnusedAsync(IPEndPoint? endpoint) => CloseUnusedAsync(endpoint, endpoint is not null && _held.Contains(endpoint));

    private async Task CloseUnusedAsync(IPEndPoint? endpoint, bool isHeld)
    {
        if (endpoint is not null && !isHeld && !_routes.Now.Uses(endpoint) && _ports.TryGetValue(endpoint, out var port))
        {
            await CloseAsync(endpoint, port);
        }
    }

    private async Task CloseAsync(IPEndPoint endpoint, Port port)
    {
        _ports.Remove(endpoint);
        await port.DisposeAsync();
        _sockets.Close(endpoint.ToString());
    }

    private sealed class HeldPort(HttpGateway gateway, IPEndPoint endpoint) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await gateway.ReleaseAsync(endpoint);
    }
}
