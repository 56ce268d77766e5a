using System.Security.Cryptography;

namespace Wisp.Platform.Accounts;

/// <summary>A token while wispd runs: compared without a lock, and when it was used last.</summary>
internal sealed class KnownToken(ApiToken token, string accountName)
{
    private readonly byte[] _digest = Convert.FromHexString(token.Digest);
    private long _used = token.LastUsedAt?.UtcTicks ?? 0;

    /// <summary>The token; its last use is as it was written.</summary>
    public ApiToken Token => token;

    /// <summary>Who asks with it.</summary>
    public Caller Caller { get; } = new(token.Account, accountName, token.Role, token.Id);

    /// <summary>The token with its last use.</summary>
    public ApiToken Now => Volatile.Read(ref _used) is > 0 and var ticks ? token with { LastUsedAt = new DateTimeOffset(ticks, TimeSpan.Zero) } : token;

    /// <summary>Compares in a time that tells nothing.</summary>
    public bool Is(string secret) => CryptographicOperations.FixedTimeEquals(TokenSecret.DigestOf(secret), _digest);

    /// <summary>Notes a use.</summary>
    /// <returns>True for the one who has to write it down: once a minute.</returns>
    public bool Use(DateTimeOffset now)
    {
        var last = Volatile.Read(ref _used);
        return now.UtcTicks - last >= TimeSpan.TicksPerMinute && Interlocked.CompareExchange(ref _used, now.UtcTicks, last) == last;
    }
}
