using System.Text.Json.Nodes;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Accounts;

/// <summary>A request of the catalogue that is about one resource, by uuid or by name.</summary>
internal sealed record WalkedRequest(string Method, string Path, string? Body)
{
    /// <summary>The request; null where an operation cannot name a resource in that way.</summary>
    public static WalkedRequest? About(Operation operation, string? uuid, string? name)
    {
        var byPath = operation.Path.Contains("{uuid}", StringComparison.Ordinal);
        var path = (operation.Plane == OperationPlane.ControlPlane ? "/controlplane/v1" : "/v1") + operation.Path
            .Replace("{uuid}", uuid, StringComparison.Ordinal).Replace("{name}", "policy", StringComparison.Ordinal).Replace("{cloudprovider}", "manual", StringComparison.Ordinal);
        var body = operation.Body is { } shape ? Fill(shape) : null;
        var wait = operation.Id.StartsWith("wait", StringComparison.Ordinal) ? "timeout_s=0&" : "";
        if (byPath)
        {
            return uuid is null ? null : new WalkedRequest(operation.Method, $"{path}?{wait}", body?.ToJsonString());
        }

        var (key, value) = uuid is null ? ("name", name) : ("uuid", uuid);
        if (operation.Body?.Members.Any(member => member.Name == "from") == true)
        {
            body!["from"] = new JsonObject { [key] = value };
        }
        else if (operation.Body?.Members.Any(member => member.Name == key) == true)
        {
            body![key] = value;
        }
        else if (operation.Query.Any(member => member.Name == key))
        {
            path += $"?{wait}{key}={value}";
        }
        else
        {
            return null;
        }

        return new WalkedRequest(operation.Method, path, body?.ToJsonString());
    }

    /// <summary>The request with nothing in it but what must be there.</summary>
    public static WalkedRequest Bare(Operation operation) => new(
        operation.Method,
        (operation.Plane == OperationPlane.ControlPlane ? "/controlplane/v1" : "/v1") + operation.Path
            .Replace("{uuid}", "7f0c1d3e-0000-4000-8000-000000000000", StringComparison.Ordinal).Replace("{name}", "policy", StringComparison.Ordinal)
            .Replace("{cloudprovider}", "manual", StringComparison.Ordinal),
        operation.Body is null ? null : Fill(operation.Body).ToJsonString());

    private static JsonObject Fill(Shape shape)
    {
        var body = new JsonObject();
        foreach (var member in shape.Members.Where(member => member.Required))
        {
            body[member.Name] = member.Type switch
            {
                MemberType.Text when member.OneOf.Count > 0 => member.OneOf[0],
                MemberType.Text => "absent",
                MemberType.Integer => 1,
                MemberType.Boolean => false,
                MemberType.Object => Fill(member.Of!),
                MemberType.Objects => new JsonArray(Fill(member.Of!)),
                _ => new JsonArray("a"),
            };
        }

        if (body.ContainsKey("prop"))
        {
            body["value"] = new JsonArray("a");
        }

        return body;
    }
}
