namespace Wisp.Platform.Services;

/// <summary>A domain as a caller asks for it.</summary>
/// <param name="Name">A full name that ends in a dot, or a label under the node's suffix.</param>
/// <param name="Certificate">The certificate to present for it; null for one of the node's authority.</param>
public sealed record ServiceDomain(string Name, ResourceRef? Certificate = null)
{
    /// <summary>A domain with a certificate of the node's authority.</summary>
    public static implicit operator ServiceDomain(string name) => new(name);
}
