using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wisp.Certificates.Acme.Wire;

namespace Wisp.Certificates.Acme;

/// <summary>The key that an account with an authority is known by: ES256 (RFC 7518 §3.4). Thread-safe.</summary>
internal sealed class AccountKey
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    /// <summary>Uses a key.</summary>
    public AccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        Jwk = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["crv"] = "P-256", ["kty"] = "EC", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
        Thumbprint = ThumbprintOf(Jwk);
    }

    /// <summary>The public half (RFC 7517), its members in order.</summary>
    public SortedDictionary<string, string> Jwk { get; }

    /// <summary>What challenges are answered with (RFC 7638).</summary>
    public string Thumbprint { get; }

    /// <summary>Opens the key in a file, or makes it there, for its owner only.</summary>
    public static Result<AccountKey> Open(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                var found = ECDsa.Create();
                found.ImportFromPem(File.ReadAllText(path));
                return found.KeySize == 256 ? new AccountKey(found) : Unusable(path, "it is not of the curve P-256.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PemFile.Write(path, made.ExportPkcs8PrivateKeyPem() + "\n", PemFile.OwnerOnly);
            return new AccountKey(made);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return Unusable(path, exception.Message);
        }
    }

    /// <summary>The thumbprint of a key's required members (RFC 7638 §3).</summary>
    public static string ThumbprintOf(SortedDictionary<string, string> members) =>
        Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(members, AcmeJson.Default.SortedDictionaryStringString)));

    /// <summary>What is signed (RFC 7515 §5.1).</summary>
    public static string SigningInput(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";

    /// <summary>Signs a request; nothing as its payload reads (POST-as-GET, RFC 8555 §6.3).</summary>
    public FlattenedJws Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var input = SigningInput(header, payload);
        byte[] signature;
        lock (_gate)
        {
            signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        var dot = input.IndexOf('.', StringComparison.Ordinal);
        return new FlattenedJws(input[..dot], input[(dot + 1)..], Base64Url.EncodeToString(signature));
    }

    private static WispError Unusable(string path, string why) =>
        new(ErrorCode.OperationFailed, $"The key in {path} cannot be used: {why}", "Move it away, and wispd makes another, which is another account with the authority.");
}
