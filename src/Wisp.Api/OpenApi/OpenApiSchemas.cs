using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Wisp.Contracts;
using Wisp.Contracts.Operations;

namespace Wisp.Api.OpenApi;

/// <summary>Schemas: of requests from the catalogue's shapes, of answers from the records that are written.</summary>
internal sealed class OpenApiSchemas
{
    /// <summary>All that were referred to.</summary>
    public JsonObject Components { get; } = [];

    /// <summary>A reference to the shape of a request.</summary>
    public JsonObject Reference(Shape shape)
    {
        if (!Components.ContainsKey(shape.Name))
        {
            // Its place is taken first: a shape may hold itself.
            var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
            Components[shape.Name] = schema;
            var properties = new JsonObject();
            foreach (var member in shape.Members)
            {
                properties[member.Name] = Of(member);
            }

            schema["properties"] = properties;
            if (shape.Members.Any(member => member.Required))
            {
                schema["required"] = new JsonArray([.. shape.Members.Where(member => member.Required).Select(member => (JsonNode)member.Name)]);
            }
        }

        return Link(shape.Name);
    }

    /// <summary>A reference to an answer.</summary>
    public JsonObject Reference(JsonTypeInfo answer)
    {
        var name = NameOf(answer.Type);
        if (!Components.ContainsKey(name))
        {
            var schema = answer.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
            Move(schema, Link(name)["$ref"]!.GetValue<string>());
            Components[name] = schema;
        }

        return Link(name);
    }

    /// <summary>A reference to the answer of a request that failed as a whole.</summary>
    public JsonObject Failure() => Reference(WireJson.Default.EnvelopeNullableJsonElement);

    /// <summary>The schema of one member.</summary>
    public JsonObject Of(Member member)
    {
        JsonObject schema = member.Type switch
        {
            MemberType.Text when member.OneOf.Count > 0 => new() { ["type"] = "string", ["enum"] = new JsonArray([.. member.OneOf.Select(word => (JsonNode)word)]) },
            MemberType.Text => new() { ["type"] = "string" },
            MemberType.Integer => new() { ["type"] = "integer" },
            MemberType.Boolean => new() { ["type"] = "boolean" },
            MemberType.Texts => List(new() { ["type"] = "string" }),
            MemberType.Integers => List(new() { ["type"] = "integer" }),
            MemberType.Map => new() { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
            MemberType.Object => Reference(member.Of!),
            MemberType.Objects => List(Reference(member.Of!)),
            MemberType.TextOrObject => new() { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Reference(member.Of!)) },
            _ => [],
        };
        if (member.Summary is { } summary)
        {
            schema["description"] = summary;
        }

        return schema;
    }

    // What the exporter refers to lies below its own root, which is not the root of the document.
    private static void Move(JsonNode? node, string root)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue link && link.TryGetValue<string>(out var target))
                {
                    members["$ref"] = root + target[1..];
                }

                foreach (var (_, member) in members)
                {
                    Move(member, root);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Move(item, root);
                }

                break;
        }
    }

    private static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };

    private static JsonObject Link(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private static string NameOf(Type type) => type.GenericTypeArguments is [var data]
        ? (data.GenericTypeArguments is [_, { GenericTypeArguments: [var item] }] ? item.Name : data == typeof(System.Text.Json.JsonElement?) ? "Failure" : data.Name) + "Answer"
        : type.Name;
}
