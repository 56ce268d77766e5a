using Wisp.Cli.Fields;

namespace Wisp.Cli.Parsing;

/// <summary>What to wait for: <c>state==running</c>, or just <c>running</c>. Pure.</summary>
internal static class WaitCondition
{
    /// <summary>Reads it.</summary>
    public static Result<Filter> Parse(string text) =>
        text.Length > 0 && text.All(char.IsAsciiLetterLower) ? new Filter("state", "==", text)
        : Filter.Parse(text).Failed(out _, out var filter) ? new WispError(ErrorCode.InvalidValue, $"'{text}' is nothing to wait for.", "Write --until state==running, or --state running.")
        : filter;
}
