using Wisp.Cli.Output;

namespace Wisp.Cli.Parsing;

/// <summary>Names of the forms of output. Pure.</summary>
internal static class OutputWord
{
    public static readonly string[] All = ["table", "kv", "json", "quiet", "raw"];

    /// <summary>Reads one.</summary>
    public static Result<OutputFormat> Parse(string text) => text switch
    {
        "table" => OutputFormat.Table,
        "kv" => OutputFormat.Kv,
        "json" => OutputFormat.Json,
        "quiet" => OutputFormat.Quiet,
        "raw" => OutputFormat.Raw,
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is not a form of output.", "Use table, kv, json, quiet or raw."),
    };
}
