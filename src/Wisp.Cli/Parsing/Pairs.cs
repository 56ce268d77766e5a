namespace Wisp.Cli.Parsing;

/// <summary>Lists like <c>name=night,when=22:00,action=stop</c>. Pure.</summary>
internal static class Pairs
{
    /// <summary>Reads one; a part that names none of the keys belongs to the value before it, so that values keep their commas.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="keys">The keys that there are.</param>
    public static Result<IReadOnlyDictionary<string, string>> Parse(string text, params IReadOnlyList<string> keys)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        string? last = null;
        foreach (var part in text.Split(','))
        {
            if (part.Split('=', 2) is [var key, var value] && keys.Contains(key.Trim(), StringComparer.Ordinal))
            {
                last = key.Trim();
                pairs[last] = value;
            }
            else if (last is not null)
            {
                pairs[last] += "," + part;
            }
            else
            {
                return new WispError(ErrorCode.InvalidValue, $"'{part}' is none of {string.Join(", ", keys.Select(name => name + "="))}.", $"Write {string.Join(',', keys.Select(name => name + "=…"))}.");
            }
        }

        return pairs;
    }
}
