using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wisp.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// One HTTP request through the gateway:
/// (1) find the route in the snapshot, (2) choose a backend and count the request in, (3) if it sleeps, hold the request and wake it,
/// (4) forward, streaming both ways, (5) count the request out.
/// An awake backend is reached without a lock and without asking the store.
/// </summary>
internal sealed class HttpRouteHandler(Func<RoutingSnapshot> snapshot, IHttpForwarder forwarder, TimeProvider time, Refusals refusals)
{
    private static readonly ForwarderRequestConfig Forwarding = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        // It would also end a websocket or a stream of events that is merely silent. Who is gone or stuck ends by Liveness.
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    private static readonly ForwarderRequestConfig ForwardingHttp2 = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    public async Task HandleAsync(HttpContext context)
    {
        // (1)
        var local = new IPEndPoint(Normal(context.Connection.LocalIpAddress!), context.Connection.LocalPort);
        if (snapshot().Find(local, context.Request.Host.Host) is not { } route)
        {
            await GatewayPages.NotFoundAsync(context);
            return;
        }

        if (context.Features.Get<ITlsHandshakeFeature>()?.HostName is { Length: > 0 } asked && snapshot().Find(local, asked) is { } shown && shown.Id != route.Id)
        {
            await GatewayPages.MisdirectedAsync(context, asked);
            return;
        }

        if (route.RedirectPort is { } port)
        {
            GatewayPages.Redirect(context, port);
            return;
        }

        // (2), once more where the one that was chosen is stopped meanwhile: another may take its place.
        for (var tries = route.Targets.Count; ; tries--)
        {
            if (TargetSelector.Select(route.Targets) is not { } target)
            {
                await GatewayPages.UnavailableAsync(context, GatewayPages.NoTarget(route));
                return;
            }

            if (await IsServedAsync(context, route, target, isLast: tries <= 1))
            {
                return;
            }
        }
    }

    private async Task<bool> IsServedAsync(HttpContext context, Route route, RouteTarget target, bool isLast)
    {
        var backend = target.Backend;
        var awake = backend.Enter();
        try
        {
            // (3)
            var transformer = GatewayTransformer.Instance;
            if (!awake)
            {
                var passed = await WakeGate.PassAsync(backend, route, time, context.RequestAborted);
                if (passed.Failed(out var error, out var timing))
                {
                    if (!isLast && backend.State == BackendState.Gone)
                    {
                        return false;
                    }

                    refusals.Report(route.ServiceName, error);
                    await GatewayPages.UnavailableAsync(context, GatewayPages.CannotWake(route, backend, error));
                    return true;
                }

                transformer = new WokenTransformer(timing, time);
            }

            // (4)
            await ForwardAsync(context, route, target, transformer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client did not wait.
        }
        finally
        {
            // (5)
            backend.Leave();
        }

        return true;
    }

    private async Task ForwardAsync(HttpContext context, Route route, RouteTarget target, GatewayTransformer transformer)
    {
        // Bodies are as long as the application likes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var ended = target.Backend.MachineEnded;
        var config = IsGrpc(context.Request) && await target.Backend.Http2.IsSpokenAsync(target.Port, context.RequestAborted) ? ForwardingHttp2 : Forwarding;
        var failure = await forwarder.SendAsync(context, target.Prefix, target.Backend.Connections, config, transformer, ended);
        if (failure == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var cause = context.GetForwarderErrorFeature()?.Exception;
        if (failure == ForwarderError.RequestBodyClient)
        {
            await GatewayPages.BadRequestAsync(context, cause);
            return;
        }

        var reason = GatewayPages.BadGateway(route, target, failure, cause, ended.IsCancellationRequested);
        refusals.Report(route.ServiceName, reason);
        await GatewayPages.BadGatewayAsync(context, reason);
    }

    // The one protocol that is nothing without HTTP/2; all else is answered as well by HTTP/1.1, which every application speaks.
    private static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private static IPAddress Normal(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
