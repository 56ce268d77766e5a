using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>The body of a raw call: <c>key=text</c> and <c>key:=json</c>. Pure.</summary>
internal static class RequestData
{
    /// <summary>Reads it; null when nothing was given.</summary>
    public static Result<JsonObject?> Parse(IReadOnlyList<string> texts)
    {
        var body = new JsonObject();
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var json = equals > 0 && text[equals - 1] == ':';
            var key = equals > 0 ? text[..(json ? equals - 1 : equals)] : "";
            if (key.Length == 0)
            {
                return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a member of a request.", "Write key=text, or key:=json for anything but text.");
            }

            try
            {
                body[key] = json ? JsonNode.Parse(text[(equals + 1)..]) : JsonValue.Create(text[(equals + 1)..]);
            }
            catch (JsonException)
            {
                return new WispError(ErrorCode.InvalidValue, $"'{text[(equals + 1)..]}' is not JSON.", $"Write {key}=… for text, or mend the JSON.");
            }
        }

        return texts.Count == 0 ? (JsonObject?)null : body;
    }
}
