namespace Wisp.Certificates.Acme;

/// <summary>Shows an authority that a host is ours, in one way. Thread-safe.</summary>
public interface IChallengeResponder
{
    /// <summary>What the authority calls this way, such as <c>http-01</c>.</summary>
    string Type { get; }

    /// <summary>What somebody can do about a host that does not pass.</summary>
    string NextStep { get; }

    /// <summary>Answers a challenge until what is returned is disposed of.</summary>
    Task<Result<IAsyncDisposable>> PresentAsync(Challenge challenge, CancellationToken cancellation);
}
