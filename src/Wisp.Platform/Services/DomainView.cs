using Wisp.Platform.Certificates;

namespace Wisp.Platform.Services;

/// <summary>A domain of a group.</summary>
/// <param name="Fqdn">Its full name.</param>
/// <param name="Certificate">The certificate that was chosen for it, or that the node gets for it by itself; null for one of the node's authority.</param>
public sealed record DomainView(string Fqdn, CertificateView? Certificate);
