using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wisp.Cli.Parsing;

/// <summary>
/// The body of a raw call: <c>key=text</c> and <c>key:=json</c>, nested as <c>a[b]=…</c> and <c>a[]=…</c>, a list as <c>[0][k]=…</c>; a value
/// <c>@file</c> is what is in the file, and so is a body of nothing but <c>@file</c> or <c>@-</c>.
/// </summary>
internal static partial class RequestData
{
    /// <summary>Reads it; null when nothing was given.</summary>
    /// <param name="texts">What was typed.</param>
    /// <param name="input">What <c>@-</c> is read from.</param>
    public static Result<JsonNode?> Parse(IReadOnlyList<string> texts, TextReader input)
    {
        if (texts is [['@', .. var whole]])
        {
            return Read(whole, input).Failed(out var error, out var text) ? error : Json(text);
        }

        JsonNode? body = null;
        foreach (var text in texts)
        {
            var match = Pattern().Match(text);
            var keyless = match.Groups["key"].Length == 0;
            if (!match.Success || (keyless && match.Groups["step"].Captures.Count == 0))
            {
                return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a member of a request.", "Write key=text, or key:=json for anything but text; a[b]=… nests, a[]=… makes a list.");
            }

            if (Value(match.Groups["value"].Value, match.Groups["json"].Success, input).Failed(out var error, out var value))
            {
                return error;
            }

            string[] path = [.. keyless ? (string[])[] : [match.Groups["key"].Value], .. match.Groups["step"].Captures.Select(step => step.Value[1..^1])];
            body ??= keyless ? new JsonArray() : new JsonObject();
            if (body is JsonArray != keyless || !Put(body, path, value))
            {
                return new WispError(ErrorCode.InvalidValue, $"'{text}' does not fit to what is before it.", "A list has numbers or nothing in its brackets, an object names.");
            }
        }

        return body;
    }

    private static bool Put(JsonNode parent, ReadOnlySpan<string> path, JsonNode? value)
    {
        var last = path.Length == 1;
        switch (parent)
        {
            case JsonObject map:
                if (last)
                {
                    map[path[0]] = value;
                    return true;
                }

                map[path[0]] ??= Child(path[1]);
                return Put(map[path[0]]!, path[1..], value);
            case JsonArray list when path[0].Length == 0 || (int.TryParse(path[0], out var index) && index == list.Count):
                if (last)
                {
                    list.Add(value);
                    return true;
                }

                list.Add(Child(path[1]));
                return Put(list[^1]!, path[1..], value);
            case JsonArray list when int.TryParse(path[0], out var index) && index >= 0 && index < list.Count:
                if (last)
                {
                    list[index] = value;
                    return true;
                }

                return list[index] is { } there && Put(there, path[1..], value);
            default:
                return false;
        }
    }

    private static JsonNode Child(string step) => step.Length == 0 || step.All(char.IsAsciiDigit) ? new JsonArray() : new JsonObject();

    private static Result<JsonNode?> Value(string text, bool json, TextReader input)
    {
        if (text is ['@', .. var file])
        {
            if (Read(file, input).Failed(out var error, out var read))
            {
                return error;
            }

            text = read;
        }

        return json ? Json(text) : (JsonNode?)JsonValue.Create(text);
    }

    private static Result<JsonNode?> Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return new WispError(ErrorCode.InvalidValue, $"'{(text.Length > 60 ? text[..60] + "…" : text)}' is not JSON.", "Write key=… for text, or mend the JSON.");
        }
    }

    private static Result<string> Read(string file, TextReader input)
    {
        try
        {
            return file == "-" ? input.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{file}': {exception.Message}", "Name a file behind @, or @- for standard input.");
        }
    }

    [GeneratedRegex(@"^(?<key>[^=\[\]:@]*)(?<step>\[[^=\[\]]*\])*(?<json>:)?=(?<value>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
