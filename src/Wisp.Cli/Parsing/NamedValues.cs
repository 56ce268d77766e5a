namespace Wisp.Cli.Parsing;

/// <summary>Lists of <c>NAME=value</c>. Pure.</summary>
internal static class NamedValues
{
    /// <summary>Reads them; the last one of a name counts, and a value keeps its commas and equal signs.</summary>
    /// <param name="texts">What was typed.</param>
    /// <param name="variable">Where a name without a value takes it from.</param>
    public static Result<IReadOnlyDictionary<string, string>> Parse(IEnumerable<string> texts, Func<string, string?> variable)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? text : text[..equals];
            var value = equals < 0 ? variable(text) : text[(equals + 1)..];
            if (name.Length == 0 || value is null)
            {
                return new WispError(
                    ErrorCode.InvalidValue,
                    name.Length == 0 ? $"'{text}' has no name." : $"'{text}' has no value, and no such variable is set here.",
                    "Write NAME=value.");
            }

            values[name] = value;
        }

        return values;
    }
}
