namespace Wisp.Gateway.Listening;

/// <summary>What is spoken on a port.</summary>
internal enum ListenerKind
{
    /// <summary>HTTP/1.1.</summary>
    Http,
    /// <summary>HTTP/1.1 and HTTP/2 over TLS.</summary>
    Https,
    /// <summary>Bytes over TLS.</summary>
    Tls,
    /// <summary>Bytes.</summary>
    Tcp,
}
