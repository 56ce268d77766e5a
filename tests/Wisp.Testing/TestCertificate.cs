using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Wisp.Testing;

/// <summary>A certificate as people upload it: a chain and its key.</summary>
/// <param name="Chain">PEM.</param>
/// <param name="Key">PEM.</param>
public sealed record TestCertificate(string Chain, string Key)
{
    /// <summary>The two members of a request.</summary>
    public string Members => $"\"chain\":{JsonSerializer.Serialize(Chain)},\"pkey\":{JsonSerializer.Serialize(Key)}";

    /// <summary>One that signs itself.</summary>
    /// <param name="from">From when on it is good, for 90 days.</param>
    /// <param name="hosts">The alternative names; the first is the common name, too.</param>
    public static TestCertificate Make(DateTimeOffset from, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + hosts[0], key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(from, from.AddDays(90));
        return new TestCertificate(made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
