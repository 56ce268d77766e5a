using System.Text.RegularExpressions;

namespace Wisp.Images.Bases;

/// <summary>Which image names are Debian itself, and of which suite. Pure.</summary>
internal static partial class DebianBase
{
    private static readonly Dictionary<string, string> Suites = new(StringComparer.Ordinal)
    {
        ["12"] = "bookworm", ["bookworm"] = "bookworm", ["oldstable"] = "bookworm",
        ["13"] = "trixie", ["trixie"] = "trixie", ["stable"] = "trixie", ["latest"] = "trixie",
    };

    /// <summary>The suite and whether documentation is left out; null when the image is something else.</summary>
    public static (string Suite, bool Slim)? Match(string image)
    {
        var match = Pattern().Match(image);
        return match.Success && Suites.TryGetValue(match.Groups["suite"] is { Success: true } suite ? suite.Value : "latest", out var found)
            ? (found, match.Groups["slim"].Success)
            : null;
    }

    [GeneratedRegex(@"^(docker\.io/)?(library/)?debian(:(?<suite>[a-z0-9]+)(?<slim>-slim)?)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
