using System.Security.Cryptography;
using System.Text;

namespace Wisp.Api.Http;

/// <summary>Compares bearer tokens with the one in a file, which is read again when it changes.</summary>
internal sealed class TokenAuthentication(string file)
{
    private const string Scheme = "Bearer ";
    private readonly Lock _gate = new();
    private DateTime _written;
    private byte[] _digest = [];
    private string _token = "";

    /// <summary>Null when the header carries the token; otherwise why it does not pass.</summary>
    public WispError? Check(string? authorization)
    {
        if (string.IsNullOrEmpty(authorization) || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new WispError(ErrorCode.NotAllowed, "A token is missing.", "Send 'Authorization: Bearer <token>'; 'wisp status' names the file that holds it.", "token");
        }

        // Digests are of one length, so the comparison tells nothing by its time.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), Expected())
            ? null
            : new WispError(ErrorCode.NotAllowed, "The token is not valid.", "Use the one in the file that 'wisp status' names.", "token");
    }

    /// <summary>The token itself, for what is derived of it.</summary>
    public string Token()
    {
        lock (_gate)
        {
            Read();
            return _token;
        }
    }

    private byte[] Expected()
    {
        lock (_gate)
        {
            Read();
            return _digest;
        }
    }

    private void Read()
    {
        var written = File.GetLastWriteTimeUtc(file);
        if (written != _written)
        {
            _token = File.ReadAllText(file).Trim();
            _digest = SHA256.HashData(Encoding.UTF8.GetBytes(_token));
            _written = written;
        }
    }
}
