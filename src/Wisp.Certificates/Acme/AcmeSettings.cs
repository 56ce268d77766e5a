using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates.Acme;

/// <summary>An authority, and how it is spoken to.</summary>
/// <param name="Directory">Where its directory is; https.</param>
/// <param name="Email">Whom it writes to, or null.</param>
/// <param name="Root">What its own certificate may be signed by beside what this host trusts; null for nothing else.</param>
/// <param name="KeyFile">Where the account's key is; it is made there.</param>
/// <param name="External">The account that it is bound to; null for an authority that wants none.</param>
public sealed record AcmeSettings(Uri Directory, string? Email, X509Certificate2? Root, string KeyFile, ExternalAccount? External = null)
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["letsencrypt"] = "https://acme-v02.api.letsencrypt.org/directory",
        ["letsencrypt-staging"] = "https://acme-staging-v02.api.letsencrypt.org/directory",
    };

    /// <summary>The directory that is meant by an address or a well-known name; null when neither.</summary>
    public static Uri? DirectoryOf(string text) =>
        Uri.TryCreate(Known.GetValueOrDefault(text, text), UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : null;
}
