namespace Wisp.Platform.Certificates;

/// <summary>Whether a certificate can be presented.</summary>
public enum CertificateState
{
    /// <summary>The node is about to get it by itself.</summary>
    Pending,
    /// <summary>It can.</summary>
    Valid,
    /// <summary>It has expired, or cannot be read any more.</summary>
    Error,
}
