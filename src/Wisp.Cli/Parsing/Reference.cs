using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>Names and uuids of resources. Pure.</summary>
internal static class Reference
{
    private const string ExplicitName = "name:";

    /// <summary>As the API reads it. <c>name:…</c> is for names that look like a uuid.</summary>
    public static JsonObject ToJson(string text) =>
        text.StartsWith(ExplicitName, StringComparison.Ordinal) ? new JsonObject { ["name"] = text[ExplicitName.Length..] }
        : Guid.TryParseExact(text, "D", out _) ? new JsonObject { ["uuid"] = text }
        : new JsonObject { ["name"] = text };

    /// <summary>Several, each with the same members beside its name.</summary>
    public static JsonArray ToJson(IEnumerable<string> texts, params IReadOnlyList<(string Name, JsonNode? Value)> members) =>
        new([.. texts.Distinct(StringComparer.Ordinal).Select(text =>
        {
            var reference = ToJson(text);
            foreach (var (name, value) in members)
            {
                reference[name] = value?.DeepClone();
            }

            return reference;
        })]);
}
