using System.Net;
using System.Text;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wisp.Gateway.Forwarding;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway;

/// <summary>The gateway: one Kestrel for all HTTP ports, a relay for TCP ports, and a routing snapshot that both read.</summary>
public sealed class HttpGateway : IGateway
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _change = new(1, 1);
    private readonly Dictionary<IPEndPoint, Port> _ports = [];
    private readonly DynamicListener _http;
    private readonly WebApplication _server;
    private readonly HttpRouteHandler _handler;
    private readonly TcpRouteHandler _tcp;
    private readonly SocketTransportFactory _transport;
    private readonly ILogger _logger;
    private volatile RoutingSnapshot _snapshot = RoutingSnapshot.Empty;

    private HttpGateway(WebApplication server, DynamicListener http, ILoggerFactory loggers, TimeProvider time)
    {
        _server = server;
        _http = http;
        _logger = loggers.CreateLogger("Wisp.Gateway");
        _transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = Listen }), loggers);
        var refusals = new Refusals(time, _logger);
        _handler = new HttpRouteHandler(() => _snapshot, server.Services.GetRequiredService<IHttpForwarder>(), time, refusals);
        _tcp = new TcpRouteHandler(() => _snapshot, time, refusals, _logger);
    }

    /// <summary>Starts a gateway without any port.</summary>
    public static async Task<HttpGateway> StartAsync(ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var listener = new DynamicListener();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            // Latin-1 on every hop: the bytes of a header stay what they are, whatever they were meant to be.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(5);
            // Where this leads is the dynamic listener's affair; the server only needs one endpoint to exist.
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 1));
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listener);
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        var gateway = new HttpGateway(server, listener, loggers, time);
        server.Run(gateway._handler.HandleAsync);
        await server.StartAsync(cancellation);
        return gateway;
    }

    /// <inheritdoc/>
    public async Task<Result> PublishAsync(Route route, CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        try
        {
            var others = _snapshot.Routes.Values.Where(other => other.Id != route.Id).ToArray();
            if (Conflict(route, others) is { } conflict)
            {
                return conflict;
            }

            if (!_ports.TryGetValue(route.Listen, out var open) || open.Protocol != route.Protocol)
            {
                if (open is not null)
                {
                    await CloseAsync(route.Listen, open);
                }

                var opened = await Port.OpenAsync(
                    _transport, route.Listen, route.Protocol, route.Protocol == RouteProtocol.Http ? _http.OfferAsync : RelayAsync, _logger, cancellation);
                if (opened.Failed(out var error, out var port))
                {
                    return error;
                }

                _ports[route.Listen] = port;
            }

            _snapshot = new RoutingSnapshot([.. others, route]);
            await CloseUnusedAsync();
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
            if (_snapshot.Routes.ContainsKey(routeId))
            {
                _snapshot = new RoutingSnapshot([.. _snapshot.Routes.Values.Where(route => route.Id != routeId)]);
                await CloseUnusedAsync();
            }
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

        using var patience = new CancellationTokenSource(ShutdownPatience);
        await _server.StopAsync(patience.Token);
        await _server.DisposeAsync();
        _change.Dispose();
    }

    // Two routes go together on a port only if both are HTTP and each is told by names of its own.
    private static WispError? Conflict(Route route, IEnumerable<Route> others)
    {
        var other = others.FirstOrDefault(other => other.Listen.Equals(route.Listen)
            && (other.Protocol != RouteProtocol.Http || route.Protocol != RouteProtocol.Http
                || other.Domains.Count == 0 || route.Domains.Count == 0
                || other.Domains.Intersect(route.Domains, StringComparer.OrdinalIgnoreCase).Any()));
        return other is null ? null : new WispError(
            ErrorCode.CannotAddService,
            $"Port {route.Listen.Port} of {route.Listen.Address} is taken{(other.Tenant == route.Tenant ? $" by the service '{other.ServiceName}'" : "")}.",
            other.Tenant == route.Tenant ? "Publish another port, or delete that service." : "Publish another port.",
            "port-taken");
    }

    // What is accepted inherits it.
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        Liveness.Watch(socket);
        return socket;
    }

    private ValueTask RelayAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        // Not awaited: it lasts as long as the connection, and ends with it, reporting its own failures.
        _ = _tcp.HandleAsync(connection);
        return ValueTask.CompletedTask;
    }

    private async Task CloseUnusedAsync()
    {
        var used = _snapshot.Routes.Values.Select(route => route.Listen).ToHashSet();
        foreach (var (endpoint, port) in _ports.Where(pair => !used.Contains(pair.Key)).ToArray())
        {
            await CloseAsync(endpoint, port);
        }
    }

    private async Task CloseAsync(IPEndPoint endpoint, Port port)
    {
        _ports.Remove(endpoint);
        await port.DisposeAsync();
    }
}
