using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Listening;

/// <summary>
/// How many connections clients have open at once, silent ones and websockets among them, so that descriptors are left for what this process does itself.
/// A request of HTTP/2 counts too, while another is under way on its connection, since each takes a connection of its own to a guest; of those
/// there are half as many at most, so that no number of them keeps all others out.
/// One tenant has at most half of them without HTTP, where nothing else bounds how long they stay.
/// </summary>
/// <param name="most">How many.</param>
/// <param name="refused">Where it is counted how many were not let in.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of it once a minute.</param>
internal sealed class ConnectionLimit(int most, ServiceTraffic refused, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly (Places All, Places Requests) _places = Divide(most);
    private readonly ConcurrentDictionary<Guid, Places> _ofTenants = new();
    private long _said;
    private long _saidOfTenants;

    /// <summary>Lets a connection in until it is disposed of, or ends it.</summary>
    public async ValueTask<ConnectionContext?> AdmitAsync(ConnectionContext connection)
    {
        if (_places.All.TryTake())
        {
            return new AdmittedConnection(connection, _places.All);
        }

        refused.Fail(GatewayError.Connections);
        if (IsNews(ref _said))
        {
            logger.ConnectionsRefused(most, refused.Errors(GatewayError.Connections));
        }

        connection.Abort();
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Gives a connection of many requests the place for one of them that it has already; a middleware of the server.</summary>
    public static ConnectionDelegate Own(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(new Places(1));
        return next(connection);
    };

    /// <summary>Takes a place for a request that is one of several on its connection: the connection's own, or one of those for requests beside others.</summary>
    /// <param name="request">The request.</param>
    /// <param name="taken">What gives it back; null where none was needed.</param>
    /// <returns>False when all are taken.</returns>
    public bool TryTake(HttpContext request, out Places? taken)
    {
        taken = HttpProtocol.IsHttp2(request.Request.Protocol) ? request.Features.Get<Places>() : null;
        if (taken is null || taken.TryTake())
        {
            return true;
        }

        taken = _places.Requests;
        return taken.TryTake();
    }

    /// <summary>Takes one of a tenant's places for a connection without HTTP.</summary>
    /// <returns>What gives it back; null when the tenant has all that it may have.</returns>
    public Places? TryTake(Route route)
    {
        var places = _ofTenants.GetOrAdd(route.Tenant, static (_, most) => new Places(Math.Max(1, most / 2)), most);
        if (places.TryTake())
        {
            return places;
        }

        if (IsNews(ref _saidOfTenants))
        {
            logger.ConnectionsOfUserRefused(route.ServiceName, places.Count);
        }

        return null;
    }

    private static (Places All, Places Requests) Divide(int most)
    {
        var all = new Places(most);
        return (all, new Places(Math.Max(1, most / 2), of: all));
    }

    private bool IsNews(ref long said)
    {
        var (last, now) = (Volatile.Read(ref said), time.GetTimestamp());
        return (last == 0 || time.GetElapsedTime(last, now) >= Interval) && Interlocked.CompareExchange(ref said, now, last) == last;
    }
}
