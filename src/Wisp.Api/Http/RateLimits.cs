using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Http;

/// <summary>Counts the requests of each token.</summary>
/// <param name="given">What was set, for every token; null leaves the node's own without a limit, and gives the others the usual one.</param>
internal sealed class RateLimits(RateLimit? given)
{
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _buckets = new(StringComparer.Ordinal);

    /// <summary>Counts a request.</summary>
    /// <returns>Null when it may go on; else how long to wait.</returns>
    public TimeSpan? Take(Caller caller)
    {
        if (caller.Token is null && given is null)
        {
            return null;
        }

        var bucket = _buckets.GetOrAdd(caller.Token ?? "", static (_, limit) => Make(limit), given ?? RateLimit.Usual);
        // Filled as it is asked: no timer runs for a token that rests.
        bucket.TryReplenish();
        using var lease = bucket.AttemptAcquire();
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
    }

    /// <summary>Forgets a token that is no more.</summary>
    /// <remarks>It is not disposed, since a request may be asking it just now: without a timer and a queue there is nothing to free.</remarks>
    public void Forget(string token) => _buckets.TryRemove(token, out _);

    private static TokenBucketRateLimiter Make(RateLimit limit) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = limit.Burst, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(1 / limit.PerSecond), AutoReplenishment = false, QueueLimit = 0,
    });
}
