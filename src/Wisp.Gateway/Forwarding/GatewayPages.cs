using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wisp.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>What the gateway itself answers, in plain text: what happened, to which service, and what to do.</summary>
internal static class GatewayPages
{
    /// <summary>On answers of a service that has nearly as many instances as it may have.</summary>
    public const string HighWatermark = "X-Wisp-High-Watermark";

    private const string RetryAfterSeconds = "2";
    private const int HttpsPort = 443;

    public static Task NotFoundAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "There is no service on this URL.");

    /// <summary>
    /// For a request about another service than the one whose certificate the connection was opened with (RFC 9110 §15.5.20): what a client
    /// was shown must be what answers. Browsers ask again on a connection of their own.
    /// </summary>
    public static Task MisdirectedAsync(HttpContext context, string asked) =>
        WriteAsync(context, StatusCodes.Status421MisdirectedRequest, $"This connection was opened for {asked}. Open another for {context.Request.Host.Host}.");

    /// <summary>Sends a request on to https; the method and the body go along.</summary>
    public static void Redirect(HttpContext context, int port)
    {
        var request = context.Request;
        var host = port == HttpsPort ? new HostString(request.Host.Host) : new HostString(request.Host.Host, port);
        context.Response.StatusCode = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? StatusCodes.Status301MovedPermanently
            : StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{host.ToUriComponent()}{context.Features.Get<IHttpRequestFeature>()?.RawTarget switch { ['/', ..] target => target, _ => "/" }}";
    }

    public static Task RefuseAsync(HttpContext context, Failure failure)
    {
        if (failure.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return WriteAsync(context, failure.Status, failure.Reason.ToString());
    }

    /// <summary>For a body that the client sends wrongly, or too slowly.</summary>
    public static Task BadRequestAsync(HttpContext context, Exception? cause) => ObjectAsync(
        context,
        WhatTheServerSays(cause)?.StatusCode ?? StatusCodes.Status400BadRequest,
        $"The body of the request cannot be read: {WhatTheServerSays(cause)?.Message ?? cause?.Message ?? "it broke off."}");

    /// <summary>For a request of which nobody can tell where it ends: what follows on the connection is not read.</summary>
    public static Task ObjectAsync(HttpContext context, int status, string reason)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return WriteAsync(context, status, reason);
    }

    /// <summary>Why a route has nobody to send to.</summary>
    public static WispError NoTarget(Route route, Entry entry) => entry.IsFull
        ? new WispError(
            ErrorCode.TooMany,
            $"Service '{route.ServiceName}': each instance that runs serves {route.HardLimit} at once, which is the hard limit.",
            "Try again; or raise 'hard_limit', or add instances.",
            "limit")
        : route.Targets is [var first, ..]
        ? new WispError(
            ErrorCode.WrongState,
            $"Service '{route.ServiceName}': its instance '{first.Backend.Name}' is stopped{(route.Targets.Count > 1 ? ", and so are the others" : "")}.",
            $"Start it: wisp instances start {first.Backend.Name}",
            "stopped-instance")
        : new WispError(
            ErrorCode.WrongState, $"Service '{route.ServiceName}' has no instance.", $"Run one: wisp run IMAGE --service {route.ServiceName}");

    /// <summary>Why a request that shares its connection with others is not passed on.</summary>
    public static WispError NoPlace(Route route) => new(
        ErrorCode.TooMany,
        $"Service '{route.ServiceName}': as many connections are open as may be, and a request beside others on one of HTTP/2 counts as one more.",
        "Try again, or with fewer requests at once; or raise 'wispd serve --max-connections'.");

    /// <summary>Why a backend cannot be woken, for whoever sent a request: what went wrong on the host, with its paths, is for the log only.</summary>
    public static WispError CannotWake(Route route, Backend backend, WispError failure) => failure.Code is ErrorCode.TimedOut or ErrorCode.WrongState
        ? failure
        : new WispError(
            failure.Code,
            $"Instance '{backend.Name}' of service '{route.ServiceName}' cannot be woken: {failure.Code switch
            {
                ErrorCode.Quota => "as much runs already as its user may have at once",
                ErrorCode.NotFound => "it, or what it sleeps in, is not there",
                ErrorCode.CannotBeUsed => "what it sleeps in is damaged, or was made for another host",
                _ => "it did not start, or ended before it was ready",
            }}.",
            "The log of wispd says more.");

    /// <summary>Why a backend that is awake gave no answer.</summary>
    public static WispError BadGateway(Route route, RouteTarget target, ForwarderError failure, Exception? cause, bool ended)
    {
        var what = ended ? "ended before it answered"
            : cause is HttpRequestException { InnerException: SocketException exception } && Retries.IsUnsent(cause) ? WhyNot(target, exception)
            : $"did not answer ({failure})";
        return Broken(route, target, what);
    }

    /// <summary>Why a backend that is awake took no connection.</summary>
    public static WispError NotAccepted(Route route, RouteTarget target, SocketException cause) => Broken(route, target, WhyNot(target, cause));

    private static BadHttpRequestException? WhatTheServerSays(Exception? cause) => cause switch
    {
        BadHttpRequestException found => found,
        AggregateException several => several.InnerExceptions.Select(WhatTheServerSays).FirstOrDefault(found => found is not null),
        _ => cause is null ? null : WhatTheServerSays(cause.InnerException),
    };

    private static string WhyNot(RouteTarget target, SocketException cause) => cause.SocketErrorCode == SocketError.ConnectionRefused
        ? $"does not listen on port {target.Port}"
        : $"takes no connection on port {target.Port} ({cause.SocketErrorCode})";

    private static WispError Broken(Route route, RouteTarget target, string what) => new(
        ErrorCode.OperationFailed,
        $"Service '{route.ServiceName}': instance '{target.Backend.Name}' {what}.",
        $"Look at 'wisp instances logs {target.Backend.Name}'.",
        "bad-gateway");

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
