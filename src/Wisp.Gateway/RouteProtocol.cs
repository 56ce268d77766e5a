namespace Wisp.Gateway;

/// <summary>What a route counts and forwards.</summary>
public enum RouteProtocol
{
    /// <summary>HTTP requests (HTTP/1.1, websockets).</summary>
    Http,
    /// <summary>TCP connections, byte for byte.</summary>
    Tcp,
}
