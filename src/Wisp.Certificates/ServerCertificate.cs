using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates;

/// <summary>A certificate with its private key and what it was issued by, as a server presents it.</summary>
public sealed class ServerCertificate
{
    private readonly X509Certificate2 _leaf;

    internal ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection issuers)
    {
        _leaf = leaf;
        // Offline: nobody is asked about revocation, which would be a request of the server's to wherever the certificate says.
        Context = SslStreamCertificateContext.Create(leaf, issuers, offline: true);
    }

    /// <summary>What handshakes use. One for all of them, or no session could be resumed.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Its subject, as X.500 writes it.</summary>
    public string Subject => _leaf.Subject;

    /// <summary>Who issued it, as X.500 writes it.</summary>
    public string Issuer => _leaf.Issuer;

    /// <summary>Its serial number, in hexadecimal.</summary>
    public string SerialNumber => _leaf.SerialNumber;

    /// <summary>From when on it is good.</summary>
    public DateTimeOffset NotBefore { get; private init; }

    /// <summary>Until when it is good.</summary>
    public DateTimeOffset NotAfter { get; private init; }

    /// <summary>
    /// Whether a client that asks for a host may be shown it: its alternative names count, wildcards included (RFC 6125), and the common name
    /// where it has none.
    /// </summary>
    /// <param name="host">A host name without a dot at its end; or a wildcard, which only the same wildcard covers.</param>
    public bool Covers(string host) => host.StartsWith("*.", StringComparison.Ordinal)
        ? (AlternativeNames() is { Count: > 0 } names ? names : [_leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false)]).Contains(host, StringComparer.OrdinalIgnoreCase)
        : _leaf.MatchesHostname(host, allowWildcards: true, allowCommonName: true);

    /// <summary>The DNS names that it is for.</summary>
    public IReadOnlyList<string> AlternativeNames() =>
        [.. _leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames())];

    internal static ServerCertificate Of(X509Certificate2 leaf, X509Certificate2Collection issuers) => new(leaf, issuers)
    {
        NotBefore = new DateTimeOffset(leaf.NotBefore.ToUniversalTime()),
        NotAfter = new DateTimeOffset(leaf.NotAfter.ToUniversalTime()),
    };
}
