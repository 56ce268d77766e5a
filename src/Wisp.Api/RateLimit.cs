namespace Wisp.Api;

/// <summary>How often a token may ask.</summary>
/// <param name="PerSecond">Requests a second, on average.</param>
/// <param name="Burst">Requests at once, after a pause.</param>
public sealed record RateLimit(double PerSecond, int Burst)
{
    /// <summary>That of the tokens of accounts, where nothing is set.</summary>
    public static RateLimit Usual { get; } = new(100, 200);
}
