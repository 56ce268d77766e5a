using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Writing;

/// <summary>Puts values into nested objects, and finds them. Pure.</summary>
internal static class JsonTree
{
    /// <summary>Puts a value where a path leads; what is a list or a map already gets more.</summary>
    public static void Put(JsonObject root, string path, JsonNode value, PropertyKind kind)
    {
        var names = path.Split('.');
        var parent = root;
        foreach (var name in names[..^1])
        {
            var child = parent[name] as JsonObject ?? [];
            if (child.Parent is null)
            {
                parent[name] = child;
            }

            parent = child;
        }

        var last = names[^1];
        switch (kind)
        {
            case PropertyKind.List:
                var list = parent[last] as JsonArray ?? [];
                if (list.Parent is null)
                {
                    parent[last] = list;
                }

                foreach (var element in value is JsonArray several ? several.ToArray() : [value])
                {
                    list.Add(element?.DeepClone());
                }

                break;
            case PropertyKind.Map when parent[last] is JsonObject map && value is JsonObject more:
                foreach (var (name, member) in more)
                {
                    map[name] = member?.DeepClone();
                }

                break;
            default:
                parent[last] = value.Parent is null ? value : value.DeepClone();
                break;
        }
    }

    /// <summary>What is where a path leads, or null.</summary>
    public static JsonNode? Find(JsonObject root, string path) =>
        path.Split('.').Aggregate((JsonNode?)root, (node, name) => node is JsonObject parent && parent.TryGetPropertyValue(name, out var child) ? child : null);

    /// <summary>Takes away one of a list or a map, or all that is there.</summary>
    public static void Remove(JsonObject root, string path, string? which)
    {
        switch (Find(root, path))
        {
            case JsonArray list when which is not null:
                foreach (var element in list.Where(element => element is JsonValue && FieldText.Text(element) == which).ToArray())
                {
                    list.Remove(element);
                }

                break;
            case JsonObject map when which is not null:
                map.Remove(which);
                break;
            case { Parent: JsonObject parent }:
                parent.Remove(path[(path.LastIndexOf('.') + 1)..]);
                break;
        }
    }
}
