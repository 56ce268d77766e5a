using System.Globalization;
using System.Text.RegularExpressions;

namespace Wisp.Images.Building;

/// <summary>
/// What the builder must know of a Dockerfile before buildah reads it: which images its stages begin with or copy from. Everything
/// else is buildah's affair. Pure.
/// </summary>
internal static partial class Dockerfile
{
    /// <summary>The external images of all stages, in order: no <c>scratch</c>, no earlier stage, ARGs filled in, and none whose name stays empty.</summary>
    /// <param name="text">The Dockerfile.</param>
    /// <param name="arguments">Values given for ARGs.</param>
    public static IReadOnlyList<string> BaseImages(string text, IReadOnlyDictionary<string, string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var images = new List<string>();
        foreach (var line in LogicalLines(text))
        {
            if (Argument().Match(line) is { Success: true } argument && images.Count == 0 && stages.Count == 0)
            {
                var name = argument.Groups["name"].Value;
                values[name] = arguments.GetValueOrDefault(name) ?? Expand(argument.Groups["value"].Value.Trim('"', '\''), values);
            }
            else if (From().Match(line) is { Success: true } from)
            {
                var image = Expand(from.Groups["image"].Value.Trim('"'), values);
                Add(image);
                stages.Add(from.Groups["stage"] is { Success: true } stage ? stage.Value : $"stage {stages.Count}");
            }
            else if (CopyFrom().Match(line) is { Success: true } copy && !int.TryParse(copy.Groups["image"].Value, CultureInfo.InvariantCulture, out _))
            {
                Add(copy.Groups["image"].Value);
            }
        }

        return images;

        void Add(string image)
        {
            if (image.Length > 0 && image != "scratch" && !stages.Contains(image) && !images.Contains(image))
            {
                images.Add(image);
            }
        }
    }

    /// <summary>True when it uses a here-document, which buildah before 1.33 does not know.</summary>
    public static bool HasHeredoc(string text) => LogicalLines(text).Any(line => Heredoc().IsMatch(line));

    private static IEnumerable<string> LogicalLines(string text)
    {
        var joined = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            joined += line;
            if (joined.TrimEnd().EndsWith('\\'))
            {
                joined = joined.TrimEnd()[..^1] + " ";
                continue;
            }

            yield return joined;
            joined = "";
        }
    }

    private static string Expand(string text, Dictionary<string, string> values) => Variable().Replace(text, match =>
        values.TryGetValue(match.Groups["name"].Value, out var value) && value.Length > 0 ? value : match.Groups["default"].Value);

    [GeneratedRegex(@"^\s*ARG\s+(?<name>\w+)(=(?<value>\S*))?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^\s*FROM\s+(--\S+\s+)*(?<image>\S+)(\s+AS\s+(?<stage>\S+))?\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex From();

    [GeneratedRegex(@"\$(\{(?<name>\w+)(:?-(?<default>[^}]*))?\}|(?<name>\w+))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*COPY\s+(--\S+\s+)*--from=""?(?<image>[^\s""]+)|^\s*RUN\s+(--\S+\s+)*--mount=(\S*,)?from=(?<image>[^\s,]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CopyFrom();

    [GeneratedRegex(@"^\s*(RUN|COPY|ADD)\s(.*[^<])?<<-?[""']?[A-Za-z_]", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heredoc();
}
