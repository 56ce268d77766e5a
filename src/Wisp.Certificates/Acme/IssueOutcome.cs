namespace Wisp.Certificates.Acme;

/// <summary>What came of an order.</summary>
/// <param name="Issued">The certificate, or why there is none.</param>
/// <param name="RetryAfter">How long the authority wants not to be asked again; null when it did not say.</param>
public sealed record IssueOutcome(Result<IssuedCertificate> Issued, TimeSpan? RetryAfter = null);
