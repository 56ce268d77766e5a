namespace Wisp.Cli.Parsing;

/// <summary>How what a service has is replaced by what is new. Pure.</summary>
internal static class RolloutWord
{
    /// <summary>The new ones first; the old ones go once those serve.</summary>
    public const string Rolling = "rolling";

    /// <summary>The old ones go first.</summary>
    public const string Replace = "replace";

    public static readonly string[] All = [Rolling, Replace];

    /// <summary>Reads one.</summary>
    public static Result<string> Parse(string text) => All.Contains(text, StringComparer.Ordinal)
        ? text
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is no way to roll out.", $"Use {string.Join(" or ", All)}.");
}
