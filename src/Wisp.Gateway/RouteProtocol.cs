namespace Wisp.Gateway;

/// <summary>What a route counts and forwards.</summary>
public enum RouteProtocol
{
    /// <summary>HTTP requests (HTTP/1.1, over TLS also HTTP/2; websockets).</summary>
    Http,
    /// <summary>TCP connections, byte for byte.</summary>
    Tcp,
    /// <summary>UDP datagrams, in sessions: what one client's address and port sends and hears.</summary>
    Udp,
}
