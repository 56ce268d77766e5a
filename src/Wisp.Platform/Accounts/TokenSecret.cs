using System.Security.Cryptography;
using System.Text;

namespace Wisp.Platform.Accounts;

/// <summary>How tokens are written: <c>wisp_ID_SECRET</c>, the secret 256 random bits. Pure but for the randomness.</summary>
internal static class TokenSecret
{
    private const string Prefix = "wisp_";
    private const int IdDigits = 16;
    private const int SecretDigits = 64;

    /// <summary>A new one.</summary>
    public static (string Id, string Secret) Make()
    {
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        return (id, $"{Prefix}{id}_{RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)}");
    }

    /// <summary>The id in a token; null when it is not written like one.</summary>
    public static string? IdOf(string secret) =>
        secret.Length == Prefix.Length + IdDigits + 1 + SecretDigits && secret.StartsWith(Prefix, StringComparison.Ordinal) && secret[Prefix.Length + IdDigits] == '_'
            ? secret.Substring(Prefix.Length, IdDigits)
            : null;

    /// <summary>What is kept of it.</summary>
    public static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
