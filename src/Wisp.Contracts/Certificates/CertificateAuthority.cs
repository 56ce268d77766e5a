namespace Wisp.Contracts.Certificates;

/// <summary>A certificate authority that clients can be told to trust.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="NotAfter">Until when it is good; RFC 3339, UTC.</param>
/// <param name="Chain">Its certificate, PEM.</param>
public sealed record CertificateAuthority(string Subject, string NotAfter, string Chain);
