using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Bench.Node;

/// <summary>A certificate that signs itself, and its key, in PEM.</summary>
/// <param name="Chain">The certificate.</param>
/// <param name="Key">The key (PKCS #8).</param>
/// <param name="Thumbprint">By which it is known.</param>
internal sealed record CertificatePair(string Chain, string Key, string Thumbprint)
{
    /// <summary>Both in one file, as HAProxy wants them.</summary>
    public string Both => Chain + "\n" + Key + "\n";

    /// <summary>Makes one with a new key, good for a day, as the node's own authority makes them (P-256).</summary>
    public static CertificatePair Make(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return new CertificatePair(made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), made.Thumbprint);
    }
}
