namespace Wisp.Platform.Services;

/// <summary>What the gateway does with a connection before it reaches the instance.</summary>
[Flags]
public enum ServiceHandler
{
    /// <summary>Nothing: raw TCP.</summary>
    None = 0,
    /// <summary>Terminates TLS.</summary>
    Tls = 1,
    /// <summary>Understands HTTP requests.</summary>
    Http = 2,
    /// <summary>Redirects to https.</summary>
    Redirect = 4,
}
