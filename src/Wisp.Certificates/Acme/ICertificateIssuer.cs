namespace Wisp.Certificates.Acme;

/// <summary>Gets certificates from an authority. Thread-safe.</summary>
public interface ICertificateIssuer
{
    /// <summary>Gets one for a host; takes as long as the authority does, minutes at worst.</summary>
    Task<IssueOutcome> IssueAsync(string host, CancellationToken cancellation);
}
