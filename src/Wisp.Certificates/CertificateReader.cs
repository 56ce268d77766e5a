using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates;

/// <summary>Reads certificates that people upload, and refuses what no client would accept. Pure.</summary>
public static class CertificateReader
{
    /// <summary>The longest chain or key, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxCertificates = 10;
    private const int LeastRsaBits = 2048;

    /// <summary>Reads a chain and the key of its first certificate.</summary>
    /// <param name="commonName">The name that it must be for; a dot at its end is taken away. A wildcard is written <c>*.example.com</c>.</param>
    /// <param name="chain">Certificates in PEM, that of the server first.</param>
    /// <param name="key">Its private key in PEM, not encrypted: PKCS#8, PKCS#1 or SEC1.</param>
    /// <param name="now">The time.</param>
    /// <returns>
    /// The certificate; <see cref="ErrorCode.InvalidValue"/> for what cannot be read, does not belong together or is not good now;
    /// <see cref="ErrorCode.TooLong"/>; <see cref="ErrorCode.CertificateMismatch"/> when it is for other names.
    /// </returns>
    public static Result<ServerCertificate> Read(string commonName, string chain, string key, DateTimeOffset now) =>
        Parse(chain, key).Failed(out var error, out var read) ? error
        : (CheckTime(read, now) ?? CheckName(read, commonName)) is { } broken ? broken
        : read;

    /// <summary>Reads a chain and its key, whatever they are for and however old.</summary>
    public static Result<ServerCertificate> Parse(string chain, string key)
    {
        if (chain.Length > MaxLength || key.Length > MaxLength)
        {
            return new WispError(ErrorCode.TooLong, $"'{(chain.Length > MaxLength ? "chain" : "pkey")}' is longer than {MaxLength} characters.", "Send one chain, and its key.");
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(chain);
        }
        catch (CryptographicException)
        {
            return Unreadable("chain", "certificates", "CERTIFICATE");
        }

        if (certificates.Count == 0)
        {
            return Unreadable("chain", "certificates", "CERTIFICATE");
        }

        if (certificates.Count > MaxCertificates)
        {
            return new WispError(ErrorCode.TooMany, $"'chain' has {certificates.Count} certificates.", $"Send at most {MaxCertificates}, that of the server first.");
        }

        if (Combine(certificates[0], key).Failed(out var error, out var leaf))
        {
            return error;
        }

        return CheckKey(leaf) is { } weak ? weak : ServerCertificate.Of(leaf, [.. certificates.Skip(1)]);
    }

    private static Result<X509Certificate2> Combine(X509Certificate2 leaf, string key)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            return new WispError(ErrorCode.InvalidValue, "'pkey' is encrypted.", "Decrypt it first: openssl pkey -in key.pem -out plain.pem");
        }

        try
        {
            var pem = leaf.ExportCertificatePem();
            return leaf.GetKeyAlgorithm() switch
            {
                "1.2.840.113549.1.1.1" or "1.2.840.10045.2.1" => X509Certificate2.CreateFromPem(pem, key),
                _ => new WispError(ErrorCode.InvalidValue, "The certificate's key is neither RSA nor ECDSA.", "Use one of those."),
            };
        }
        // One that is a key of another algorithm is the former, one of another certificate the latter.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return IsKey(key)
                ? new WispError(ErrorCode.InvalidValue, "'pkey' is not the key of the first certificate of 'chain'.", "Send the key that the certificate was made for, and that certificate first.")
                : Unreadable("pkey", "a private key", "PRIVATE KEY");
        }
    }

    private static bool IsKey(string pem)
    {
        foreach (var make in (Func<AsymmetricAlgorithm>[])[RSA.Create, ECDsa.Create])
        {
            using var key = make();
            try
            {
                key.ImportFromPem(pem);
                return true;
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                // Another kind, or none.
            }
        }

        return false;
    }

    // What TLS libraries refuse, some of them in the middle of a handshake.
    private static WispError? CheckKey(X509Certificate2 leaf)
    {
        using var rsa = leaf.GetRSAPublicKey();
        return rsa is { KeySize: < LeastRsaBits and var bits }
            ? new WispError(ErrorCode.InvalidValue, $"The certificate's RSA key has {bits} bits, which clients refuse.", $"Use one of {LeastRsaBits} or more, or ECDSA.")
            : null;
    }

    private static WispError? CheckTime(ServerCertificate certificate, DateTimeOffset now) =>
        now >= certificate.NotAfter ? new WispError(ErrorCode.InvalidValue, $"The certificate expired on {certificate.NotAfter:yyyy-MM-dd HH:mm} UTC.", "Renew it.")
        : now < certificate.NotBefore ? new WispError(ErrorCode.InvalidValue, $"The certificate is not good before {certificate.NotBefore:yyyy-MM-dd HH:mm} UTC.", "Look at this host's clock.")
        : null;

    private static WispError? CheckName(ServerCertificate certificate, string commonName) => certificate.Covers(Host(commonName))
        ? null
        : new WispError(
            ErrorCode.CertificateMismatch,
            certificate.AlternativeNames() is { Count: > 0 } names
                ? $"The certificate is not for '{Host(commonName)}' but for {string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", …" : "")}."
                : $"The certificate is not for '{Host(commonName)}' but for '{certificate.Subject}'.",
            "Where there are alternative names (subjectAltName), the common name does not count.");

    private static string Host(string commonName) => commonName.EndsWith('.') ? commonName[..^1] : commonName;

    private static WispError Unreadable(string member, string what, string label) =>
        new(ErrorCode.InvalidValue, $"'{member}' is not {what} in PEM.", $"PEM begins with '-----BEGIN {label}-----'.");
}
