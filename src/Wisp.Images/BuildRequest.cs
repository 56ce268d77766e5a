namespace Wisp.Images;

/// <summary>What to build.</summary>
/// <param name="Directory">The build context.</param>
/// <param name="Name">Name and optional tag of the result; null derives it from the directory's name.</param>
public sealed record BuildRequest(string Directory, string? Name)
{
    /// <summary>The Dockerfile, when it is not <c>Dockerfile</c> (or <c>Containerfile</c>) in the context.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>Values for the Dockerfile's ARGs.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The stage to stop at, or null for the last.</summary>
    public string? Target { get; init; }

    /// <summary>True builds even when the input is unchanged.</summary>
    public bool NoCache { get; init; }
}
