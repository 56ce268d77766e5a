using System.Net;

namespace Wisp.Gateway;

/// <summary>
/// The data path. Listeners are opened and closed here; which backend a connection goes to is read from an immutable routing
/// snapshot that <see cref="PublishAsync"/> and <see cref="UnpublishAsync"/> replace. Thread-safe; changes are serialised.
/// </summary>
public interface IGateway : IAsyncDisposable
{
    /// <summary>What it counts that is no service's.</summary>
    GatewayTraffic Traffic { get; }

    /// <summary>
    /// Opens (or shares) the route's listener and makes the route live; a route with the same <see cref="Route.Id"/> is replaced
    /// without closing its listener or its connections.
    /// </summary>
    /// <returns>
    /// Success, or <see cref="ErrorCode.CannotAddService"/> when the port is taken on the host or by another route, naming the
    /// port and, where it can be found out, who has it.
    /// </returns>
    Task<Result> PublishAsync(Route route, CancellationToken cancellation);

    /// <summary>Takes a route away; closes its listener when it was the last on it. An unknown id is success.</summary>
    Task UnpublishAsync(Guid routeId);

    /// <summary>
    /// Listens for HTTP even where no route does, until what is returned is disposed of; what is asked there is answered as if a route had the
    /// listener open. A route that is published takes the listener over, whatever its kind.
    /// </summary>
    /// <returns>The hold, or <see cref="ErrorCode.CannotAddService"/> when the port is taken by something else or by a route that is not HTTP.</returns>
    Task<Result<IAsyncDisposable>> HoldHttpAsync(IPEndPoint listen, CancellationToken cancellation);
}
