using System.Text.Json.Nodes;

namespace Wisp.Cli.Fields;

/// <summary>Puts fields into one object, nested as their names are. Pure.</summary>
internal static class FieldTree
{
    /// <summary>The object of an item.</summary>
    public static JsonObject Of(IEnumerable<Field> fields, JsonObject item)
    {
        var tree = new JsonObject();
        foreach (var field in fields)
        {
            if (field.Value(item) is { } value)
            {
                Put(tree, field.Name.Split('.'), value);
            }
        }

        return tree;
    }

    private static void Put(JsonObject parent, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path.Length == 1)
        {
            parent[path[0]] = value;
        }
        else if (path[1] != "*")
        {
            Put(Child(parent, path[0]), path[1..], value);
        }
        else
        {
            Spread(parent, path[0], path[2..], (JsonArray)value);
        }
    }

    private static void Spread(JsonObject parent, string name, ReadOnlySpan<string> rest, JsonArray values)
    {
        var list = parent[name] as JsonArray ?? [];
        parent[name] ??= list;
        for (var index = 0; index < values.Count; index++)
        {
            if (list.Count == index)
            {
                list.Add((JsonNode)new JsonObject());
            }

            if (values[index] is { } value)
            {
                Put((JsonObject)list[index]!, rest, value.DeepClone());
            }
        }
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        var child = parent[name] as JsonObject ?? [];
        parent[name] ??= child;
        return child;
    }
}
