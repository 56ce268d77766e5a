using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wisp.Gateway.Observing;

/// <summary>Counts what comes, and notes it where there is an access log. Without one, a request costs a few additions.</summary>
/// <param name="log">The access log, or null.</param>
/// <param name="time">The clock.</param>
internal sealed class Observer(AccessLog? log, TimeProvider time)
{
    // What a client writes may be as long as the head of a request.
    private const int LongestText = 1024;

    /// <summary>What comes for no service.</summary>
    public ServiceTraffic Unrouted { get; } = new();

    /// <summary>A request has come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">The route that it takes, or null.</param>
    public Passage Begin(HttpContext context, Route? route)
    {
        var traffic = route?.Traffic ?? Unrouted;
        var entry = log is null ? null : Enter(context, route);
        traffic.Begin();
        if (route is not null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Request.Body = new CountedStream(context.Request.Body, traffic, entry, isClients: true);
        }

        return new Passage(this, traffic, entry, context);
    }

    /// <summary>A connection without HTTP has come.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="route">The route that it takes, or null.</param>
    /// <param name="asked">The name that it asks for, or nothing.</param>
    public Passage Begin(ConnectionContext connection, Route? route, string asked)
    {
        var traffic = route?.Traffic ?? Unrouted;
        traffic.BeginConnection();
        return new Passage(this, traffic, log is null ? null : Enter(connection, route, asked), null);
    }

    /// <summary>A client of a UDP port has said something for the first time.</summary>
    public Passage Begin(IPEndPoint client, Route route)
    {
        route.Traffic.BeginConnection();
        return new Passage(this, route.Traffic, log is null ? null : Enter(client, route), null);
    }

    /// <summary>It is over.</summary>
    public void Note(AccessEntry entry)
    {
        entry.DurationMs = AccessEntry.Milliseconds(time.GetElapsedTime(entry.Began));
        log!.Write(entry);
    }

    private AccessEntry Enter(HttpContext context, Route? route) => new()
    {
        Time = time.GetUtcNow().UtcDateTime,
        Began = time.GetTimestamp(),
        Service = route?.ServiceName,
        Domain = Some(context.Request.Host.Host),
        Client = Address(context.Connection.RemoteIpAddress, context.Connection.RemotePort),
        Method = context.Request.Method,
        Path = Cut(context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? target.Split('?', 2)[0] : context.Request.Path.Value ?? ""),
        Protocol = context.Request.Protocol,
        TraceId = TraceContext.Of(context.Request.Headers),
    };

    private AccessEntry Enter(ConnectionContext connection, Route? route, string asked) => new()
    {
        Time = time.GetUtcNow().UtcDateTime,
        Began = time.GetTimestamp(),
        Service = route?.ServiceName,
        Domain = Some(asked),
        Client = connection.RemoteEndPoint is IPEndPoint client ? Address(client.Address, client.Port) : null,
        Protocol = connection.Features.Get<ITlsHandshakeFeature>() is null ? "tcp" : "tls",
    };

    private AccessEntry Enter(IPEndPoint client, Route route) => new()
    {
        Time = time.GetUtcNow().UtcDateTime,
        Began = time.GetTimestamp(),
        Service = route.ServiceName,
        Client = Address(client.Address, client.Port),
        Protocol = "udp",
    };

    private static string? Some(string text) => text.Length > 0 ? Cut(text) : null;

    private static string Cut(string text) => text.Length > LongestText ? text[..LongestText] : text;

    private static string? Address(IPAddress? address, int port) =>
        address is null ? null : new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port).ToString();
}
