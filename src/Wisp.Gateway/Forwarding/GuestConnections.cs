using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Gateway.Forwarding.Http1;

namespace Wisp.Gateway.Forwarding;

/// <summary>HTTP connections to one machine: pooled ones, and one for each long body.</summary>
internal static class GuestConnections
{
    public static HttpMessageInvoker Create() => new(new DuplexHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        // What the client says of its trace is passed on as it is.
        ActivityHeadersPropagator = null,
        ConnectCallback = static async (context, cancellation) => new NetworkStream(await GuestSocket.ConnectAsync(context.DnsEndPoint, cancellation), ownsSocket: true),
        EnableMultipleHttp2Connections = true,
        // Connections outlast the backend's sleep: a wake then needs no handshake.
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
    }));
}
