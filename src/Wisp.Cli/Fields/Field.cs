using System.Text.Json.Nodes;

namespace Wisp.Cli.Fields;

/// <summary>
/// A field of a resource: what it is called (dashed, nested by dots, <c>*</c> for each of a list) and where it is in the API's objects.
/// Every form of output, filter and order is made of it.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Its value in an object of the API; null where there is none.</param>
/// <param name="Kind">What the value is.</param>
internal sealed record Field(string Name, Func<JsonObject, JsonNode?> Read, FieldKind Kind = FieldKind.Plain)
{
    /// <summary>A field that is a member of the API's objects.</summary>
    public Field(string name, string wire, FieldKind kind = FieldKind.Plain) : this(name, Reader(wire), kind)
    {
    }

    /// <summary>A column of the table that is shown when nothing else is asked for.</summary>
    public bool Listed { get; init; }

    /// <summary>Only shown where it is asked for by name, because it takes another call.</summary>
    public bool OnRequest { get; init; }

    /// <summary>What may be cut where a table has to fit.</summary>
    public bool Long { get; init; }

    /// <summary>The heading of its column.</summary>
    public string Title { get; init; } = Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>The value for programs; null where there is none.</summary>
    public JsonNode? Value(JsonObject item) => Read(item) is { } value ? FieldText.ForPrograms(value, Kind) : null;

    private static Func<JsonObject, JsonNode?> Reader(string wire)
    {
        var path = wire.Split('.');
        return item => Walk(item, path);
    }

    private static JsonNode? Walk(JsonNode? node, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return node;
        }

        if (path[0] != "*")
        {
            return node is JsonObject parent && parent.TryGetPropertyValue(path[0], out var child) ? Walk(child, path[1..]) : null;
        }

        if (node is not JsonArray { Count: > 0 } list)
        {
            return null;
        }

        // A place for each element, also where it has no such member: what belongs together stays together.
        var values = new JsonArray();
        foreach (var element in list)
        {
            values.Add(Walk(element, path[1..])?.DeepClone());
        }

        return values.All(value => value is null) ? null : values;
    }
}
