using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Wisp.Api.Http;
using Wisp.Contracts.Operations;

namespace Wisp.Api.OpenApi;

/// <summary>The API as OpenAPI 3.1, made of the catalogue.</summary>
internal static class OpenApiDocument
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openapi/v1.json";

    private static readonly Lazy<byte[]> Document = new(() => JsonSerializer.SerializeToUtf8Bytes(Make(), JsonSerializerOptions.Web));

    /// <summary>Answers with it.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Document.Value, context.RequestAborted);
    }

    /// <summary>The document.</summary>
    public static JsonObject Make()
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (var operation in OperationCatalogue.All)
        {
            // The one that shares its path with another is listed where it is alone.
            var (method, path) = OperationRoutes.Spellings(operation).First(spelling =>
                operation.Plane != OperationPlane.ControlPlane || spelling.Path.StartsWith(OperationRoutes.Prefix + "/", StringComparison.Ordinal)
                || OperationRoutes.Spellings(operation).Count() == 1);
            if (paths[path] is not JsonObject methods)
            {
                paths[path] = methods = [];
            }

            methods[method.ToLowerInvariant()] = Show(operation, path, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Wisp",
                ["version"] = "1",
                ["description"] = "The platform API, and as much of the control plane as a server of one's own has. docs/compatibility.md says how far each operation goes.",
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = schemas.Components,
            },
        };
    }

    private static JsonObject Show(Operation operation, string path, OpenApiSchemas schemas)
    {
        var shown = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["summary"] = operation.Summary,
            ["tags"] = new JsonArray(operation.Plane.ToString()),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray(operation.Needs.ToString().ToLowerInvariant()) }),
            ["x-wisp-support"] = operation.Support.ToString(),
        };
        if (operation.Note is { } note)
        {
            shown["description"] = note;
        }

        var parameters = new JsonArray([.. InPath(path), .. operation.Query.Select(member => Parameter(member, schemas))]);
        if (parameters.Count > 0)
        {
            shown["parameters"] = parameters;
        }

        if (operation.Body is { } body)
        {
            JsonNode one = schemas.Reference(body);
            shown["requestBody"] = new JsonObject
            {
                ["content"] = Json(operation.Bulk
                    ? new JsonObject { ["oneOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["items"] = schemas.Reference(body) }) }
                    : one),
            };
        }

        shown["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "What became of each.", ["content"] = Json(schemas.Reference(operation.Answer)) },
            ["default"] = new JsonObject { ["description"] = "The request as a whole failed.", ["content"] = Json(schemas.Failure()) },
        };
        return shown;
    }

    private static IEnumerable<JsonNode> InPath(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => (JsonNode)new JsonObject
        {
            ["name"] = part.Trim('{', '}'),
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string" },
        });

    private static JsonNode Parameter(Member member, OpenApiSchemas schemas)
    {
        var shown = new JsonObject { ["name"] = member.Name, ["in"] = "query", ["schema"] = schemas.Of(member) };
        if (member.Summary is { } summary)
        {
            shown["description"] = summary;
        }

        return shown;
    }

    private static JsonObject Json(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };
}
