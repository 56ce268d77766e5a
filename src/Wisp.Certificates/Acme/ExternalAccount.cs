using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>
/// An account that the authority's operator has made for somebody by other ways, to which the account of ACME is bound (RFC 8555 §7.3.4).
/// Thread-safe.
/// </summary>
public sealed class ExternalAccount
{
    // RFC 2104 §3 discourages keys that are shorter than the hash; operators give 32 bytes and more, pebble 16.
    private const int ShortestKey = 16;

    private readonly string _keyId;
    private readonly byte[] _key;

    private ExternalAccount(string keyId, byte[] key) => (_keyId, _key) = (keyId, key);

    /// <summary>Opens one.</summary>
    /// <param name="keyId">The identifier of its key, in ASCII.</param>
    /// <param name="keyFile">The file that has the key, in base64url as authorities give it, or base64.</param>
    /// <returns>It; <see cref="ErrorCode.InvalidValue"/> when the file has no such key.</returns>
    public static Result<ExternalAccount> Open(string keyId, string keyFile)
    {
        try
        {
            var text = File.ReadAllText(keyFile).Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
            var key = Base64Url.DecodeFromChars(text);
            return key.Length >= ShortestKey ? new ExternalAccount(keyId, key) : Unusable(keyFile, $"the key has {key.Length} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // What does not decode may be a secret of something else: nothing of it is said.
            return Unusable(keyFile, exception is FormatException ? "that is not base64url" : exception.Message);
        }
    }

    /// <summary>Shows that the account of a key is this one's.</summary>
    /// <param name="newAccount">Where accounts are made.</param>
    /// <param name="key">The account's key.</param>
    internal FlattenedJws Bind(Uri newAccount, AccountKey key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new BindingHeader("HS256", _keyId, newAccount), AcmeJson.Default.BindingHeader);
        var (head, payload) = (Base64Url.EncodeToString(header), Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key.Jwk, AcmeJson.Default.SortedDictionaryStringString)));
        return new FlattenedJws(head, payload, Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"{head}.{payload}"))));
    }

    private static WispError Unusable(string file, string why) => new(
        ErrorCode.InvalidValue, $"The key in '{file}' cannot be used: {why.TrimEnd('.')}.",
        $"Put the HMAC key that the authority gave for your account there, in base64url, at least {ShortestKey} bytes.");
}
