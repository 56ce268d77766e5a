using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>Pooled HTTP connections to one machine.</summary>
internal static class GuestConnections
{
    public static HttpMessageInvoker Create() => new(new StreamingHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // Connections outlast the backend's sleep: a wake then needs no handshake.
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
    }));
}
