using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Wisp.Certificates.Acme;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// One HTTP request through the gateway:
/// (1) find the route in the snapshot, (2) choose a backend and count the request in, (3) if it sleeps, hold the request and wake it,
/// (4) forward, streaming both ways, (5) count the request out; where that failed and another backend may be asked, go on with (2).
/// An awake backend is reached without a lock and without asking the store.
/// </summary>
internal sealed class HttpRouteHandler(
    Func<RoutingSnapshot> snapshot, IHttpForwarder forwarder, HttpChallenges challenges, TimeProvider time, ConnectionLimit limit, Refusals refusals, Observer observer)
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
        var host = context.Request.Host.Host;
        var objection = Framing.Objection(context);
        // Before anybody is looked for: it wakes nobody, and who has no route yet can be validated.
        if (objection is null && challenges.Find(host, context.Request.Path.Value ?? "") is { } answer)
        {
            await context.Response.WriteAsync(answer);
            return;
        }

        // (1)
        var local = new IPEndPoint(Normal(context.Connection.LocalIpAddress!), context.Connection.LocalPort);
        var route = snapshot().Find(local, host);
        using var passage = observer.Begin(context, route);
        try
        {
            if (objection is { } refused)
            {
                passage.Fail(GatewayError.BadRequest);
                await GatewayPages.ObjectAsync(context, refused.Status, refused.Reason);
            }
            else
            {
                await HandleAsync(context, local, host, route, passage);
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // As the server answers it, which it does after this is noted.
            context.Response.StatusCode = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            throw;
        }
    }

    private async Task HandleAsync(HttpContext context, IPEndPoint local, string host, Route? route, Passage passage)
    {
        if (route is null)
        {
            passage.Fail(GatewayError.NoService);
            await GatewayPages.NotFoundAsync(context);
            return;
        }

        if (context.Features.Get<ITlsHandshakeFeature>()?.HostName is { Length: > 0 } asked
            && !asked.Equals(host, StringComparison.OrdinalIgnoreCase) && snapshot().Find(local, asked) is { } shown && shown.Id != route.Id)
        {
            passage.Fail(GatewayError.Misdirected);
            await GatewayPages.MisdirectedAsync(context, asked);
            return;
        }

        if (route.RedirectPort is { } port)
        {
            GatewayPages.Redirect(context, port);
            return;
        }

        if (!limit.TryTake(context, out var places))
        {
            var full = new Failure(StatusCodes.Status503ServiceUnavailable, GatewayPages.NoPlace(route), GatewayError.Connections, MayRetry: false);
            refusals.Report(route.ServiceName, full.Reason);
            passage.Fail(full.Error);
            await GatewayPages.RefuseAsync(context, full);
            return;
        }

        try
        {
            await PassOnAsync(context, route, passage);
        }
        finally
        {
            places?.Give();
        }
    }

    private async Task PassOnAsync(HttpContext context, Route route, Passage passage)
    {
        List<RouteTarget>? tried = null;
        Failure? failure = null;
        while (true)
        {
            // (2)
            var entry = TargetSelector.Enter(route, tried);
            if (entry.Target is not { } target)
            {
                failure ??= new(StatusCodes.Status503ServiceUnavailable, GatewayPages.NoTarget(route, entry), GatewayErrors.OfNoTarget(entry), MayRetry: false);
                passage.Fail(failure.Error);
                await GatewayPages.RefuseAsync(context, failure);
                return;
            }

            passage.To(target.Backend);
            try
            {
                failure = await TryAsync(context, route, target, entry.IsAwake, passage);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client did not wait.
                return;
            }
            finally
            {
                // (5)
                target.Backend.Leave();
            }

            if (failure is not { MayRetry: true })
            {
                if (failure is not null)
                {
                    passage.Fail(failure.Error);
                    await GatewayPages.RefuseAsync(context, failure);
                }

                return;
            }

            (tried ??= []).Add(target);
        }
    }

    private async Task<Failure?> TryAsync(HttpContext context, Route route, RouteTarget target, bool awake, Passage passage)
    {
        if (route.Demand is { IsNearLimit: true })
        {
            context.Response.Headers[GatewayPages.HighWatermark] = "1";
        }

        // (3)
        var transformer = awake ? passage.Transformer : null;
        if (transformer is null)
        {
            var passed = await WakeGate.PassAsync(target.Backend, route, time, context.RequestAborted);
            if (passed.Failed(out var error, out var timing))
            {
                refusals.Report(route.ServiceName, error);
                // Whoever has waited as long as it may does not wait for another.
                return new Failure(
                    StatusCodes.Status503ServiceUnavailable, GatewayPages.CannotWake(route, target.Backend, error), GatewayErrors.OfWake(error), MayRetry: error.Code != ErrorCode.TimedOut);
            }

            await target.Backend.GoOnAsync(context.RequestAborted);
            transformer = passage.Woken(timing, time);
        }

        // (4)
        return await ForwardAsync(context, route, target, transformer, passage);
    }

    private async Task<Failure?> ForwardAsync(HttpContext context, Route route, RouteTarget target, GatewayTransformer transformer, Passage passage)
    {
        // A stream may be silent. What says how long it is has something to send.
        if (context.Request.ContentLength is null && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var ended = target.Backend.MachineEnded;
        var config = IsGrpc(context.Request) && await target.Backend.Http2.IsSpokenAsync(target.Port, context.RequestAborted) ? ForwardingHttp2 : Forwarding;
        var error = await forwarder.SendAsync(context, target.Prefix, target.Backend.Connections, config, transformer, ended);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            if (error == ForwarderError.ResponseBodyDestination)
            {
                passage.Fail(GatewayError.BrokenOff);
            }

            return null;
        }

        var cause = context.GetForwarderErrorFeature()?.Exception;
        Retries.Begin(context);
        if (error == ForwarderError.RequestBodyClient)
        {
            passage.Fail(GatewayError.BadRequest);
            await GatewayPages.BadRequestAsync(context, cause);
            return null;
        }

        var unsent = Retries.IsUnsent(cause);
        if (unsent)
        {
            refusals.TakeOut(route, target);
        }

        var reason = GatewayPages.BadGateway(route, target, error, cause, ended.IsCancellationRequested);
        refusals.Report(route.ServiceName, reason);
        return new Failure(
            StatusCodes.Status502BadGateway,
            reason,
            unsent ? GatewayError.Unreachable : GatewayError.NoAnswer,
            // What was sent may have been what broke it: then it would break one after the other.
            MayRetry: unsent);
    }

    // The one protocol that is nothing without HTTP/2; all else is answered as well by HTTP/1.1, which every application speaks.
    private static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private static IPAddress Normal(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
