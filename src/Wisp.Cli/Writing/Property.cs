using System.Text.Json.Nodes;

namespace Wisp.Cli.Writing;

/// <summary>A field that can be written.</summary>
/// <param name="Name">Its name, as it is shown.</param>
/// <param name="Member">Where it goes in a request to make the resource, nested by dots; null where it cannot be given there.</param>
/// <param name="Parse">Reads what was typed.</param>
internal sealed record Property(string Name, string? Member, Func<string, Result<JsonNode>> Parse)
{
    /// <summary>Whether it holds one value, a list of them, or names with values.</summary>
    public PropertyKind Kind { get; init; }

    /// <summary>Reads what was typed for a change, where what is not named there stays as it is.</summary>
    public Func<string, Result<JsonNode>> ParseChange { get => field ?? Parse; init; }

    /// <summary>What the API calls it in a change; null where it cannot be changed. A dot is a member of the value.</summary>
    public string? Change { get; init; }

    /// <summary>How one of a list is named where it is taken away: services by their port.</summary>
    public Func<string, Result<JsonNode>> Key { get; init; } = text => JsonValue.Create(text);

    /// <summary>Members of an object that it holds; others, which only answers have, are left out.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>How one of a list is written that an answer shows in another way.</summary>
    public Func<JsonNode, JsonNode?>? Show { get; init; }

    /// <summary>Reads what a file says.</summary>
    public Result<JsonNode> Read(JsonNode value)
    {
        switch (value)
        {
            case JsonArray list when Kind == PropertyKind.List:
                var values = new JsonArray();
                foreach (var element in list.OfType<JsonNode>())
                {
                    if (One(element).Failed(out var error, out var read))
                    {
                        return error;
                    }

                    foreach (var each in read is JsonArray several ? several.ToArray() : [read])
                    {
                        values.Add(each?.DeepClone());
                    }
                }

                return values;
            default:
                return One(value);
        }
    }

    private Result<JsonNode> One(JsonNode value) => value switch
    {
        JsonValue text when text.TryGetValue<string>(out var typed) => Parse(typed),
        JsonObject map when Members is { } members => new JsonObject(map.Where(member => members.Contains(member.Key, StringComparer.Ordinal)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))),
        _ => value.DeepClone(),
    };
}
