using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Writing;

/// <summary>The fields of a kind of resource that can be written, and how requests and files are made of them. Pure.</summary>
/// <param name="fields">What is known of the resource: what only answers have is passed over where a file has it.</param>
/// <param name="all">The properties.</param>
internal sealed class PropertySet(FieldSet fields, params IReadOnlyList<Property> all)
{
    public IReadOnlyList<Property> All => all;

    /// <summary>What is known of the resource.</summary>
    public FieldSet Fields => fields;

    /// <summary>Puts what was typed into a request to make a resource.</summary>
    public WispError? Put(JsonObject request, IReadOnlyList<Assignment> assignments)
    {
        foreach (var assignment in assignments)
        {
            if (Find(assignment.Name, property => property.Member is not null, "given when it is made").Failed(out var error, out var property))
            {
                return error;
            }

            if (assignment.Operation == Operation.Del)
            {
                JsonTree.Remove(request, property.Member!, assignment.Value);
            }
            else if (property.Parse(assignment.Value!).Failed(out error, out var value))
            {
                return error;
            }
            else
            {
                JsonTree.Put(request, property.Member!, value, property.Kind);
            }
        }

        return null;
    }

    /// <summary>The changes that were typed, in the API's words, those of one property together.</summary>
    public Result<IReadOnlyList<PropertyChange>> Changes(IReadOnlyList<Assignment> assignments)
    {
        var changes = new List<PropertyChange>();
        foreach (var assignment in assignments)
        {
            if (Find(assignment.Name, candidate => candidate.Change is not null, "changed").Failed(out var error, out var property)
                || ValueOf(property, assignment).Failed(out error, out var value))
            {
                return error;
            }

            var name = property.Change!.Split('.');
            var operation = assignment.Operation.ToString().ToLowerInvariant();
            if (name.Length > 1)
            {
                value = new JsonObject { [name[1]] = value };
            }

            var same = changes.FirstOrDefault(change => change.Name == name[0] && change.Operation == operation);
            if (same is null)
            {
                changes.Add(new PropertyChange(name[0], operation, value));
            }
            else if (value is not null)
            {
                var both = new JsonObject { ["value"] = same.Value };
                JsonTree.Put(both, "value", value, property.Kind == PropertyKind.List || value is JsonArray ? PropertyKind.List : value is JsonObject ? PropertyKind.Map : PropertyKind.One);
                var together = both["value"];
                both.Remove("value");
                changes[changes.IndexOf(same)] = same with { Value = together };
            }
        }

        return changes;
    }

    /// <summary>Puts what a file says into a request.</summary>
    public WispError? Load(JsonObject request, JsonObject file, string prefix = "")
    {
        foreach (var (key, value) in file)
        {
            var name = prefix + key;
            var nested = value is JsonObject && all.Any(property => property.Name.StartsWith(name + ".", StringComparison.Ordinal));
            if (value is null)
            {
                continue;
            }

            if (nested)
            {
                if (Load(request, (JsonObject)value, name + ".") is { } inner)
                {
                    return inner;
                }
            }
            else if (all.FirstOrDefault(property => property.Name == name && property.Member is not null) is { } property)
            {
                if (property.Read(value).Failed(out var error, out var read))
                {
                    return error with { Message = $"{name}: {error.Message}" };
                }

                JsonTree.Put(request, property.Member!, read, property.Kind);
            }
            else if (fields.Find(name).Failed(out _, out _))
            {
                return Unknown(name, property => property.Member is not null);
            }
        }

        return null;
    }

    /// <summary>A request as a file from which <see cref="Load"/> makes it again.</summary>
    public JsonObject Save(JsonObject request)
    {
        var file = new JsonObject();
        foreach (var property in all.Where(property => property.Member is not null && !all.Any(other => other.Name.StartsWith(property.Name + ".", StringComparison.Ordinal) && other.Member is not null)))
        {
            if (JsonTree.Find(request, property.Member!) is { } value)
            {
                JsonTree.Put(file, property.Name, value.DeepClone(), PropertyKind.One);
            }
        }

        return file;
    }

    /// <summary>Makes a request say what a document says, which <see cref="Save"/> made of it and somebody changed.</summary>
    public WispError? Replace(JsonObject request, JsonObject document)
    {
        foreach (var property in all.Where(property => property.Member is not null))
        {
            JsonTree.Remove(request, property.Member!, null);
        }

        foreach (var (name, _) in request.Where(member => member.Value is JsonObject { Count: 0 }).ToArray())
        {
            request.Remove(name);
        }

        return Load(request, document);
    }

    private static Result<JsonNode?> ValueOf(Property property, Assignment assignment)
    {
        if (assignment.Operation == Operation.Del)
        {
            // What goes is named; what has no name goes whole.
            return assignment.Value is null || property.Kind == PropertyKind.One ? (JsonNode?)null
                : property.Key(assignment.Value).Failed(out var wrong, out var key) ? wrong
                : new JsonArray(key);
        }

        return property.ParseChange(assignment.Value!).Failed(out var error, out var value) ? error
            : property.Kind == PropertyKind.List && value is not JsonArray ? new JsonArray(value)
            : (JsonNode?)value;
    }

    /// <summary>The property of a name, where something can be done with it.</summary>
    public Result<Property> Find(string name, Func<Property, bool> can, string what) =>
        all.FirstOrDefault(property => property.Name == name) is not { } found ? Unknown(name, can)
        : can(found) ? found
        : new WispError(ErrorCode.InvalidValue, $"'{name}' cannot be {what}.", $"Those that can are {Names(can)}.");

    private WispError Unknown(string name, Func<Property, bool> can) => new(ErrorCode.InvalidValue, $"There is no field '{name}' to write.", $"Those that can be written are {Names(can)}.");

    private string Names(Func<Property, bool> can) => string.Join(", ", all.Where(can).Select(property => property.Name));
}

/// <summary>A change in the API's words.</summary>
/// <param name="Name">The property.</param>
/// <param name="Operation"><c>set</c>, <c>add</c> or <c>del</c>.</param>
/// <param name="Value">The value; null where there is none.</param>
internal sealed record PropertyChange(string Name, string Operation, JsonNode? Value);
