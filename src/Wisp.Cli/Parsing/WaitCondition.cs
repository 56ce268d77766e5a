namespace Wisp.Cli.Parsing;

/// <summary>What to wait for: <c>state==running</c>, or just <c>running</c>. Pure.</summary>
internal static class WaitCondition
{
    private const string Prefix = "state==";

    /// <summary>The state that is waited for.</summary>
    public static Result<string> Parse(string text)
    {
        var packed = text.Replace(" ", "", StringComparison.Ordinal);
        return packed.StartsWith(Prefix, StringComparison.Ordinal) && packed.Length > Prefix.Length
            ? packed[Prefix.Length..]
            : packed.Length > 0 && packed.All(char.IsAsciiLetterLower) ? packed
            : new WispError(ErrorCode.InvalidValue, $"'{text}' is nothing to wait for.", "Write --until state==running, or --state running.");
    }
}
