using System.Collections.Frozen;
using System.Net;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway;

/// <summary>One published port of a service group.</summary>
public sealed record Route
{
    /// <summary>Identifies the route when it is replaced or taken away.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name of the service group, for messages.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Whose it is: a refusal names no service of another.</summary>
    public Guid Tenant { get; init; }

    /// <summary>Where to listen on the host.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Requests or raw connections.</summary>
    public required RouteProtocol Protocol { get; init; }

    /// <summary>Whether clients speak TLS, which ends here.</summary>
    public bool Tls { get; init; }

    /// <summary>The port of https that HTTP requests are sent on to, 1–65535; null for a route that forwards. Targets are not used then.</summary>
    public int? RedirectPort { get; init; }

    /// <summary>
    /// Host names (lower case, no port) that this route answers to: by the Host header, or by the name that a TLS client asks for (SNI).
    /// Empty: the route has the listener to itself and answers to any. Several routes with domains can share a listener.
    /// </summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>
    /// The names that TLS clients are shown a certificate of their own for, each with the id of that on the shelf; null is one of the node's
    /// authority. Compared without case.
    /// </summary>
    public IReadOnlyDictionary<string, Guid?> Certificates { get; init; } = FrozenDictionary<string, Guid?>.Empty;

    /// <summary>What its listener speaks.</summary>
    internal ListenerKind Kind => (Protocol, Tls) switch
    {
        (RouteProtocol.Http, false) => ListenerKind.Http,
        (RouteProtocol.Http, true) => ListenerKind.Https,
        (_, true) => ListenerKind.Tls,
        _ => ListenerKind.Tcp,
    };

    /// <summary>The backends, in order of creation; may be empty (503).</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>What each backend has in flight before another is woken.</summary>
    public int SoftLimit { get; init; } = 1;

    /// <summary>What each backend has in flight at most; what is more is refused.</summary>
    public int HardLimit { get; init; } = 65_535;

    /// <summary>What goes through it is counted here; the routes of one service count together.</summary>
    public ServiceTraffic Traffic { get; init; } = new();

    /// <summary>Who hears when all backends have as much as they should have; null is nobody.</summary>
    public IDemand? Demand { get; init; }

    /// <summary>How long a request to a sleeping backend is held at most. Default 30 s.</summary>
    public TimeSpan HoldDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
