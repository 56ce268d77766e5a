using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>A domain: <c>NAME[,certificate=NAME]</c>. Pure.</summary>
internal static class DomainSpec
{
    private const string Mark = ",certificate=";

    /// <summary>Reads one, as the API reads it.</summary>
    public static JsonObject Parse(string text)
    {
        var mark = text.IndexOf(Mark, StringComparison.Ordinal);
        return mark < 0
            ? new JsonObject { ["name"] = text }
            : new JsonObject { ["name"] = text[..mark], ["certificate"] = Reference.ToJson(text[(mark + Mark.Length)..]) };
    }

    /// <summary>Reads several.</summary>
    public static JsonArray ParseAll(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)Parse(text))]);
}
