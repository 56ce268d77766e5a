using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Wisp.Gateway.Listening;

/// <summary>How the gateway takes leave of those who keep their connections.</summary>
internal sealed class Leaving
{
    private int _connections;
    private bool _hasBegun;

    /// <summary>HTTP connections that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether it leaves.</summary>
    public bool HasBegun => Volatile.Read(ref _hasBegun);

    /// <summary>It leaves from now on.</summary>
    public void Begin() => Volatile.Write(ref _hasBegun, true);

    /// <summary>Counts a connection; a middleware of the server.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    };

    /// <summary>
    /// Tells a client of HTTP/1.1 that this answer is the last on its connection (RFC 9112, 9.6). One that is closed without a word may just be
    /// about to carry a request, which would fail. Those of HTTP/2 hear of it from the server (GOAWAY).
    /// </summary>
    public void Tell(HttpContext context)
    {
        if (HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
