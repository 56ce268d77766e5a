using System.Text.Json;
using Wisp.Api.Http;

namespace Wisp.Api.Reading;

/// <summary>
/// Reads a JSON object strictly: each member once, by its type; whatever is left at the end is unknown and refused.
/// </summary>
internal sealed class JsonObjectReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _path;

    public JsonObjectReader(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw RequestFailure.Malformed($"{(path.Length == 0 ? "The request" : $"'{path}'")} must be an object, not {Kind(element)}.");
        }

        foreach (var member in element.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    /// <summary>True when the member is there, even as null.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>True when the member is an object; it stays to be read.</summary>
    public bool IsObject(string name) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Object;

    /// <summary>A member that is a string; it stays to be read.</summary>
    public string? Peek(string name) => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is a whole number; it stays to be read.</summary>
    public long? PeekInteger(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && TryInteger(value, out var number) ? number : null;

    public string? String(string name) => Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string", value);

    public long? Integer(string name) => Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && TryInteger(value, out var number) ? number : throw WrongInteger(name, value);

    public bool? Boolean(string name) => Take(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);

    public IReadOnlyList<string>? Strings(string name) => Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw Wrong(name, "a list of strings", value);

    public IReadOnlyDictionary<string, string>? Map(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String))
        {
            throw Wrong(name, "an object of strings", value);
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            map[member.Name] = member.Value.GetString()!;
        }

        return map;
    }

    public JsonObjectReader? Object(string name) => Take(name) is { } value ? new JsonObjectReader(value, Full(name)) : null;

    public IReadOnlyList<JsonObjectReader>? Objects(string name) => Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((item, index) => new JsonObjectReader(item, $"{Full(name)}[{index}]"))]
        : throw Wrong(name, "a list", value);

    public JsonElement? Any(string name) => Take(name);

    /// <summary>Refuses whatever was not asked for.</summary>
    public void End()
    {
        if (_members.Keys.FirstOrDefault() is { } unknown)
        {
            throw RequestFailure.Unknown(unknown);
        }
    }

    // Null counts as not given.
    private JsonElement? Take(string name) =>
        _members.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // A number beyond 64 bits is a number all the same, and out of any range: the conversion saturates.
    private static bool TryInteger(JsonElement value, out long number)
    {
        if (value.TryGetInt64(out number))
        {
            return true;
        }

        if (value.TryGetDouble(out var real) && Math.Floor(real) == real)
        {
            number = (long)real;
            return true;
        }

        return false;
    }

    private string Full(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private RequestFailure WrongInteger(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? RequestFailure.Invalid($"'{Full(name)}' must be a whole number, not {value.GetRawText()}.")
            : Wrong(name, "a whole number", value);

    private RequestFailure Wrong(string name, string wanted, JsonElement value) =>
        RequestFailure.Invalid($"'{Full(name)}' must be {wanted}, not {Kind(value)}.");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
