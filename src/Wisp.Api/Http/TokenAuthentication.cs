using System.Security.Cryptography;
using System.Text;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Http;

/// <summary>
/// Says whose a bearer token is: the one in a file, which is read again when it changes, or one of those that were made for accounts.
/// Nothing here waits: what is known is a snapshot, which is exchanged as a whole.
/// </summary>
internal sealed class TokenAuthentication(string file, IAccountService accounts)
{
    private const string Scheme = "Bearer ";
    private Own _own = new(DateTime.MinValue, []);

    /// <summary>Whose token the header carries; or why it does not pass.</summary>
    public Result<Caller> Check(string? authorization)
    {
        if (string.IsNullOrEmpty(authorization) || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new WispError(ErrorCode.NotAllowed, "A token is missing.", "Send 'Authorization: Bearer <token>'; 'wisp status' names the file that holds it.", "token");
        }

        var token = authorization[Scheme.Length..].Trim();
        // Digests are of one length, so the comparison tells nothing by its time.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), Read().Digest) ? Caller.Owner : accounts.Authenticate(token);
    }

    private Own Read()
    {
        var known = Volatile.Read(ref _own);
        var written = File.GetLastWriteTimeUtc(file);
        if (written == known.Written)
        {
            return known;
        }

        // Several may read it at once; they read the same.
        try
        {
            var token = File.ReadAllText(file).Trim();
            known = new Own(written, token.Length == 0 ? [] : SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without the file nobody is the node's owner, until it is there again.
            known = new Own(DateTime.MinValue, []);
        }

        Volatile.Write(ref _own, known);
        return known;
    }

    private sealed record Own(DateTime Written, byte[] Digest);
}
