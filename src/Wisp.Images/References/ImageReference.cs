using System.Text.RegularExpressions;

namespace Wisp.Images.References;

/// <summary>An image reference: <c>[scheme://][host[:port]/]path[:tag][@digest]</c> (OCI distribution-spec, "name" and "reference"). Pure.</summary>
/// <param name="Name">Host, if any, and path.</param>
/// <param name="Tag">Tag, or null.</param>
/// <param name="Digest">Digest, or null.</param>
public sealed partial record ImageReference(string Name, string? Tag, string? Digest)
{
    /// <summary>The tag of a reference that has none.</summary>
    public const string DefaultTag = "latest";

    /// <summary>True when the first part is a host, by Docker's rule: it has a dot or a port, or is <c>localhost</c>.</summary>
    public bool HasHost => Name.Split('/') is [var first, _, ..] && (first.Contains('.') || first.Contains(':') || first == "localhost");

    /// <summary>Reads a reference.</summary>
    /// <returns>The reference, or <see cref="ErrorCode.InvalidValue"/>.</returns>
    public static Result<ImageReference> Parse(string text)
    {
        var rest = text.StartsWith("oci://", StringComparison.OrdinalIgnoreCase) ? text["oci://".Length..] : text;
        var match = Pattern().Match(rest);
        return match.Success && rest.Length <= 512
            ? new ImageReference(
                match.Groups["name"].Value,
                match.Groups["tag"] is { Success: true } tag ? tag.Value : null,
                match.Groups["digest"] is { Success: true } digest ? digest.Value : null)
            : new WispError(
                ErrorCode.InvalidValue, $"'{text}' is not an image reference.", "It looks like name, name:tag, org/name:tag or name@sha256:…, in lower case.");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    [GeneratedRegex(
        @"^(?<name>([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]+)?/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
