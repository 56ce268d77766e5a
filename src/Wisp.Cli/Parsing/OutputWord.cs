using Wisp.Cli.Output;

namespace Wisp.Cli.Parsing;

/// <summary>Names of the forms of output. Pure.</summary>
internal static class OutputWord
{
    private const string Template = "template=";

    public static readonly string[] All = ["table", "kv", "json", "yaml", "quiet", "raw", Template];

    /// <summary>Reads one.</summary>
    public static Result<OutputForm> Parse(string text) => text switch
    {
        "table" => new OutputForm(OutputFormat.Table),
        "kv" => new OutputForm(OutputFormat.Kv),
        "json" => new OutputForm(OutputFormat.Json),
        "yaml" => new OutputForm(OutputFormat.Yaml),
        "quiet" => new OutputForm(OutputFormat.Quiet),
        "raw" => new OutputForm(OutputFormat.Raw),
        _ when text.StartsWith(Template, StringComparison.Ordinal) => LineTemplate.Parse(text[Template.Length..]).Failed(out var error, out var template)
            ? error
            : new OutputForm(OutputFormat.Template, template),
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is not a form of output.", "Use table, kv, json, yaml, quiet, raw, or template='{{.name}} {{.state}}'."),
    };
}
