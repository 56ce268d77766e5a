using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates;

/// <summary>
/// A certificate authority of the node's own, for domains that nobody else has issued a certificate for: browsers accept them once they have
/// been told to trust it (<c>wisp trust</c>). Its key never leaves the node.
/// </summary>
public sealed class LocalAuthority
{
    /// <summary>How long its certificates are good.</summary>
    public static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(90);

    private const int YearsOfAuthority = 10;

    // Clocks of clients are not always right.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _time;

    private LocalAuthority(X509Certificate2 authority, TimeProvider time) => (_authority, _time) = (authority, time);

    /// <summary>The authority's certificate, in PEM.</summary>
    public string CertificatePem => _authority.ExportCertificatePem() + "\n";

    /// <summary>Its subject.</summary>
    public string Subject => _authority.Subject;

    private DateTimeOffset NotBefore => new(_authority.NotBefore.ToUniversalTime());

    /// <summary>Until when it is good.</summary>
    public DateTimeOffset NotAfter => new(_authority.NotAfter.ToUniversalTime());

    /// <summary>Opens the authority of a directory, or makes it there.</summary>
    /// <param name="directory">Holds <c>ca.pem</c>, which everybody may read, and <c>ca.key</c>, which only its owner may.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The authority; <see cref="ErrorCode.OperationFailed"/> when its files are damaged or cannot be written.</returns>
    public static Result<LocalAuthority> Open(string directory, TimeProvider time)
    {
        var (certificate, key) = (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca.key"));
        try
        {
            if (File.Exists(certificate))
            {
                return new LocalAuthority(X509Certificate2.CreateFromPemFile(certificate, key), time);
            }

            Directory.CreateDirectory(directory);
            var made = Make(time.GetUtcNow());
            using var secret = made.GetECDsaPrivateKey()!;
            // The certificate last: without it, what is there does not count.
            PemFile.Write(key, secret.ExportPkcs8PrivateKeyPem() + "\n", PemFile.OwnerOnly);
            PemFile.Write(certificate, made.ExportCertificatePem() + "\n", PemFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            return new LocalAuthority(made, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"The certificate authority in {directory} cannot be used: {exception.Message}",
                "Move that directory away, and a new one is made; whoever trusts the old one must be told to trust the new one (wisp trust).");
        }
    }

    /// <summary>Issues a certificate for a host.</summary>
    /// <param name="host">A host name or an address; <c>localhost</c> includes the loopback addresses.</param>
    public ServerCertificate Issue(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The subject of a long name would be refused; only the alternative names count.
        var request = new CertificateRequest("CN=" + (host.Length <= 64 ? host : "wisp"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
            if (host == "localhost")
            {
                names.AddIpAddress(IPAddress.Loopback);
                names.AddIpAddress(IPAddress.IPv6Loopback);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // serverAuth (RFC 5280 §4.2.1.12).
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        var until = (now > NotBefore ? now : NotBefore) + LeafLifetime;
        // A clock that was set back is no reason to issue nothing: what an authority issues begins no sooner than it does itself.
        var from = now - Backdated > NotBefore ? now - Backdated : NotBefore;
        var issued = request.Create(_authority, from, until < NotAfter ? until : NotAfter, RandomNumberGenerator.GetBytes(16));
        return ServerCertificate.Of(issued.CopyWithPrivateKey(key), [_authority]);
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A number of its own, or a browser that knew another node's would mistake the one for the other.
        var request = new CertificateRequest($"O=Wisp, CN=Wisp local authority {RandomNumberGenerator.GetHexString(8, lowercase: true)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdated, now.AddYears(YearsOfAuthority));
    }
}
