namespace Wisp.Api;

/// <summary>Settings of the API.</summary>
/// <param name="TokenFile">File that holds the bearer token.</param>
/// <param name="Versions">What the health answer says of the parts.</param>
public sealed record ApiOptions(string TokenFile, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>How often every token may ask; null leaves the one in the file without a limit, and gives the others <see cref="RateLimit.Usual"/>.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>The metro that this server is.</summary>
    public MetroOptions Metro { get; init; } = MetroOptions.Default;
}
