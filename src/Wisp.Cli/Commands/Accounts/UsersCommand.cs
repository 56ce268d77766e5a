using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Accounts;

/// <summary><c>wisp users</c>.</summary>
internal static class UsersCommand
{
    private static readonly Resource User = Users.User;

    public static Verb Create(Shell shell) => new Verb(
        "users", "See and change users: each has names, instances and services of its own, and sees no other's.",
        "wisp users list", "wisp users create acme --limit instances=10")
    {
        ResourceVerbs.List(shell, User), ResourceVerbs.Get(shell, User), Make(shell), Edit(shell),
        DeleteVerb.Create(shell, User, "Delete users who have nothing any more, with their tokens.", Users.Deleted),
    }.Alias("user");

    private static Verb Make(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "Its name." };
        var limits = LimitSpec.Option();
        return new Verb("create", "Create a user.", "wisp users create acme", "wisp users create acme --limit instances=10 --limit memory_mb=512") { name, limits }
            .Runs(shell, async call =>
            {
                var body = new JsonObject { ["name"] = call.Get(name) };
                if (call.Get(limits) is { Count: > 0 } given)
                {
                    body["limits"] = new JsonObject(given.DistinctBy(limit => limit.Name).Select(limit => KeyValuePair.Create(limit.Name, (JsonNode?)limit.Most)));
                }

                return (await call.AskAsync(HttpMethod.Post, User.Path, body)).Failed(out var error, out var answer)
                    ? error
                    : call.Print.Items(answer, User.Fields, single: true, byDefault: OutputFormat.Kv);
            });
    }

    private static Verb Edit(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "Its name or uuid." };
        var limits = LimitSpec.Option();
        limits.Required = true;
        return new Verb("edit", "Change what a user may have; what it has already stays.", "wisp users edit acme --limit instances=20", "wisp users edit acme --limit instances=none") { name, limits }
            .Runs(shell, async call =>
            {
                var body = new JsonArray([.. call.Get(limits)!.Select(limit =>
                {
                    var change = Reference.ToJson(call.Get(name));
                    change["prop"] = limit.Name;
                    change["op"] = limit.Most is null ? "del" : "set";
                    if (limit.Most is { } most)
                    {
                        change["value"] = most;
                    }

                    return (JsonNode)change;
                })]);
                // As it is after the last of the changes.
                return (await call.AskAsync(HttpMethod.Patch, User.Path, body)).Failed(out var error, out var answer)
                    ? error
                    : call.Print.Items(answer with { Items = [.. answer.Items.TakeLast(1)] }, User.Fields, single: true, byDefault: OutputFormat.Kv);
            });
    }
}
