using System.Collections.Immutable;

namespace Wisp.Certificates.Acme;

/// <summary>What is answered under <c>/.well-known/acme-challenge/</c> at this moment. Reading takes no lock. Thread-safe.</summary>
public sealed class HttpChallenges
{
    private const string Prefix = "/.well-known/acme-challenge/";

    private ImmutableDictionary<string, Challenge> _open = ImmutableDictionary<string, Challenge>.Empty;

    /// <summary>The answer to a request; null when it is not one of an authority that was asked to look.</summary>
    /// <param name="host">The host that it is for, without a port.</param>
    /// <param name="path">Its path.</param>
    public string? Find(string host, string path)
    {
        var open = Volatile.Read(ref _open);
        return !open.IsEmpty && path.StartsWith(Prefix, StringComparison.Ordinal)
            && open.TryGetValue(path[Prefix.Length..], out var challenge) && string.Equals(challenge.Host, host, StringComparison.OrdinalIgnoreCase)
                ? challenge.KeyAuthorization
                : null;
    }

    /// <summary>Answers a challenge from now on.</summary>
    public void Put(Challenge challenge) => ImmutableInterlocked.AddOrUpdate(ref _open, challenge.Token, challenge, (_, _) => challenge);

    /// <summary>Answers it no longer.</summary>
    public void Remove(Challenge challenge) => ImmutableInterlocked.TryRemove(ref _open, challenge.Token, out _);
}
