using System.Text;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>docs/api.md: every operation, and the objects that requests hold.</summary>
internal static class ApiPage
{
    public static string Make()
    {
        var page = new StringBuilder()
            .Append("# The API\n\n")
            .Append("Made of the catalogue in `src/Wisp.Contracts/Operations`; a test fails when it is not current (`WISP_UPDATE_GOLDEN=1` writes it anew).\n")
            .Append("The same is served as OpenAPI at `/openapi/v1.json`. [compatibility.md](compatibility.md) says how far each operation goes.\n\n")
            .Append("All paths begin with `/v1`. Every request carries `Authorization: Bearer <token>`. Every answer is an envelope:\n")
            .Append("`{status, message?, data?, errors?, op_time_us}`, with one list in `data`, under the key that is named here. An item that failed says\n")
            .Append("so itself (`status`, `message`, `error`), and the HTTP status stays 200; a request that failed as a whole is 4xx or 5xx.\n")
            .Append("What a body may hold is below; anything else is refused. \"[…]\" is one object or a list of them.\n\n")
            .Append("Each operation needs a role: `read`, `write` (which may read, too) or `admin` (which may do everything, and manages the node for all its users);\n")
            .Append("403 otherwise. What belongs to another user answers as what is not there. Images are the node's, and every user may make instances of them.\n")
            .Append("A token that asks too often is answered 429 with `Retry-After`.\n\n")
            .Append("`GET /v1/audit` (role `read`) is a stream of server-sent events: `vm.create`, `vm.state_change`, `vm.start_failed`, `vm.annotate`,\n`user.create`, `user.limit`, `user.delete`, `token.create`, `token.revoke` and, where some may be missing, `gap`. The query\n")
            .Append("narrows it (`events`, `uuid`, `tags`); the header `Last-Event-ID` resumes it.\n");
        foreach (var plane in Enum.GetValues<OperationPlane>())
        {
            page.Append('\n').Append("## ").Append(TitleOf(plane)).Append("\n\n| operation | role | body | query | data |\n|---|---|---|---|---|\n");
            foreach (var operation in OperationCatalogue.All.Where(operation => operation.Plane == plane))
            {
                page.Append("| `").Append(operation.Method).Append(' ').Append(operation.Path).Append("` **").Append(operation.Id).Append("**<br>").Append(operation.Summary);
                if (operation.Aliases.Count > 0)
                {
                    page.Append(" Also `").AppendJoin("`, `", operation.Aliases).Append("`.");
                }

                page.Append(" | ").Append(operation.Needs.ToString().ToLowerInvariant()).Append(" | ").Append(BodyOf(operation)).Append(" | ").AppendJoin(", ", operation.Query.Select(member => $"`{member.Name}`")).Append(" | ")
                    .Append(operation.Key is { } key ? $"`{key}`" : "an object").Append(" |\n");
            }
        }

        page.Append("\n## What bodies hold\n");
        foreach (var shape in Shapes().OrderBy(shape => shape.Name, StringComparer.Ordinal))
        {
            page.Append("\n### ").Append(shape.Name).Append("\n\n| member | type | |\n|---|---|---|\n");
            foreach (var member in shape.Members)
            {
                page.Append("| `").Append(member.Name).Append("` | ").Append(TypeOf(member)).Append(member.Required ? ", required" : "").Append(" | ").Append(MeaningOf(member)).Append(" |\n");
            }
        }

        return page.ToString();
    }

    private static string TitleOf(OperationPlane plane) => plane switch
    {
        OperationPlane.Platform => "Platform",
        OperationPlane.ControlPlane => "Control plane",
        _ => "Wisp's own",
    };

    private static string BodyOf(Operation operation) => (operation.Body, operation.Bulk) switch
    {
        (null, _) => "",
        ({ } shape, false) => LinkTo(shape),
        ({ } shape, true) => $"[{LinkTo(shape)}…]".Replace("[[", "\\[[", StringComparison.Ordinal),
    };

    private static string LinkTo(Shape shape) => $"[{shape.Name}](#{shape.Name.ToLowerInvariant()})";

    private static string TypeOf(Member member) => member.Type switch
    {
        MemberType.Text => "string",
        MemberType.Integer => "integer",
        MemberType.Boolean => "boolean",
        MemberType.Texts => "list of strings",
        MemberType.Integers => "list of integers",
        MemberType.Map => "object of strings",
        MemberType.Object => LinkTo(member.Of!),
        MemberType.Objects => "list of " + LinkTo(member.Of!),
        MemberType.TextOrObject => "string or " + LinkTo(member.Of!),
        _ => "any",
    };

    private static string MeaningOf(Member member) =>
        string.Join("; ", ((string?[])[member.Summary, member.OneOf.Count > 0 ? string.Join(", ", member.OneOf) : null]).OfType<string>());

    private static IEnumerable<Shape> Shapes()
    {
        var found = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var shape in OperationCatalogue.All.Select(operation => operation.Body).OfType<Shape>())
        {
            Collect(shape, found);
        }

        return found.Values;
    }

    private static void Collect(Shape shape, Dictionary<string, Shape> found)
    {
        if (found.TryAdd(shape.Name, shape))
        {
            foreach (var inner in shape.Members.Select(member => member.Of).OfType<Shape>())
            {
                Collect(inner, found);
            }
        }
    }
}
