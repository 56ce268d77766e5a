using System.Net;

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

    /// <summary>
    /// Host names (lower case, no port) that this route answers to. Empty: the route has the listener to itself and answers to
    /// any. Several HTTP routes with domains can share a listener.
    /// </summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The backends, in order of creation; may be empty (503).</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>How long a request to a sleeping backend is held at most. Default 30 s.</summary>
    public TimeSpan HoldDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
