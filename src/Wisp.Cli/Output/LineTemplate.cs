using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Output;

/// <summary>
/// A line for each item: <c>{{.name}} uses {{.resources.memory}}</c>; <c>{{json .service}}</c> for what is nested, <c>{{.}}</c> for all of
/// it, <c>\n</c> and <c>\t</c> for what a shell makes hard to type. Pure.
/// </summary>
internal sealed partial class LineTemplate
{
    private readonly IReadOnlyList<Func<JsonObject, string>> _parts;

    private LineTemplate(IReadOnlyList<Func<JsonObject, string>> parts) => _parts = parts;

    /// <summary>Reads one.</summary>
    public static Result<LineTemplate> Parse(string text)
    {
        var parts = new List<Func<JsonObject, string>>();
        var from = 0;
        foreach (Match match in Action().Matches(text))
        {
            var before = Plain(text[from..match.Index]);
            parts.Add(_ => before);
            from = match.Index + match.Length;
            string[] path = match.Groups["path"].Value.Split('.', StringSplitOptions.RemoveEmptyEntries);
            var json = match.Groups["json"].Success;
            parts.Add(item => Show(path, item, json));
        }

        var rest = text[from..];
        if (rest.Contains("{{", StringComparison.Ordinal) || text.Length == 0)
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a template.", "Write template='{{.name}} {{.state}}', with names of fields.");
        }

        parts.Add(_ => Plain(rest));
        return new LineTemplate(parts);
    }

    /// <summary>The line of an item.</summary>
    public string Fill(JsonObject item) => string.Concat(_parts.Select(part => part(item)));

    private static string Show(string[] path, JsonObject item, bool json)
    {
        JsonNode? node = item;
        foreach (var name in path)
        {
            node = node is JsonArray list ? new JsonArray([.. list.Select(element => (element as JsonObject)?[name]?.DeepClone())]) : (node as JsonObject)?[name];
        }

        return node is null ? ""
            : json || node is JsonObject ? node.ToJsonString(Json.Relaxed)
            : FieldText.ForPeople(node, FieldKind.Plain, TimeProvider.System, brief: false);
    }

    private static string Plain(string text) => text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{\s*(?<json>json\s+)?(?<path>\.[A-Za-z0-9_.-]*)\s*\}\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Action();
}
