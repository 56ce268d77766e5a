using System.Text.Json.Nodes;

namespace Wisp.Cli.Writing;

/// <summary>A resource as a document of what can be changed of it, and the changes that lead from one document to another. Pure.</summary>
/// <param name="properties">What can be written.</param>
internal sealed class EditedResource(PropertySet properties)
{
    // What is a whole of others that can be changed one by one is shown as these.
    private readonly Property[] _leaves =
    [
        .. properties.All.Where(property => property.Change is not null && !properties.All.Any(other => other.Change is not null && other.Name.StartsWith(property.Name + ".", StringComparison.Ordinal))),
    ];

    /// <summary>The document of a resource.</summary>
    public JsonObject Show(JsonObject item)
    {
        var document = new JsonObject();
        foreach (var property in _leaves)
        {
            if (ValueOf(property, item) is { } value)
            {
                JsonTree.Put(document, property.Name, property.Kind == PropertyKind.List && value is JsonArray list
                    ? new JsonArray([.. list.OfType<JsonNode>().Select(element => property.Show?.Invoke(element) ?? element.DeepClone())])
                    : value.DeepClone(), PropertyKind.One);
            }
        }

        return document;
    }

    /// <summary>Fields that a document does not have and could.</summary>
    public IReadOnlyList<string> NotIn(JsonObject document) => [.. _leaves.Select(property => property.Name).Where(name => JsonTree.Find(document, name) is null)];

    /// <summary>What was changed between two documents.</summary>
    public Result<IReadOnlyList<PropertyChange>> Between(JsonObject before, JsonObject after)
    {
        if (Read(before).Failed(out var error, out var old) || Read(after).Failed(out error, out var now))
        {
            return error;
        }

        var changes = new List<PropertyChange>();
        // What the API calls one property is changed as one: scale_to_zero has no half.
        foreach (var group in _leaves.GroupBy(property => property.Change!.Split('.')[0]))
        {
            var (was, wanted) = (Value(group, old), Value(group, now));
            if (!JsonNode.DeepEquals(was, wanted))
            {
                changes.Add(wanted is null ? new PropertyChange(group.Key, "del", null) : new PropertyChange(group.Key, "set", wanted));
            }
        }

        return changes;
    }

    private JsonNode? ValueOf(Property property, JsonObject item) =>
        properties.Fields.All.FirstOrDefault(field => field.Name == property.Name) is { } shown ? shown.Read(item) : JsonTree.Find(item, property.Change!);

    private static JsonNode? Value(IEnumerable<Property> group, IReadOnlyDictionary<string, JsonNode> values)
    {
        JsonObject? whole = null;
        foreach (var property in group)
        {
            if (!values.TryGetValue(property.Name, out var value))
            {
                continue;
            }

            if (property.Change!.Split('.') is not [_, var member])
            {
                return value;
            }

            (whole ??= [])[member] = value;
        }

        return whole;
    }

    private Result<Dictionary<string, JsonNode>> Read(JsonObject document, string prefix = "")
    {
        var values = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (key, value) in document)
        {
            var name = prefix + key;
            if (value is null)
            {
                continue;
            }

            if (value is JsonObject nested && _leaves.Any(property => property.Name.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                if (Read(nested, name + ".").Failed(out var inner, out var members))
                {
                    return inner;
                }

                foreach (var (member, read) in members)
                {
                    values[member] = read;
                }
            }
            else if (properties.Find(name, candidate => candidate.Change is not null, "changed").Failed(out var error, out var property))
            {
                return error;
            }
            else if (property.Read(value).Failed(out error, out var read))
            {
                return error with { Message = $"{name}: {error.Message}" };
            }
            else
            {
                values[name] = read;
            }
        }

        return values;
    }
}
