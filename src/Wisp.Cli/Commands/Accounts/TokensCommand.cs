using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Accounts;

/// <summary><c>wisp tokens</c>.</summary>
internal static class TokensCommand
{
    private static readonly Resource Token = Users.Token;

    public static Verb Create(Shell shell) => new Verb(
        "tokens", "See, make and revoke the tokens of users.",
        "wisp tokens list", "wisp tokens create acme --role write")
    {
        List(shell), Make(shell), Revoke(shell),
    }.Alias("token");

    private static Verb List(Shell shell)
    {
        var users = new Argument<string[]>("user") { Description = "Those of these users only.", Arity = ArgumentArity.ZeroOrMore };
        var view = new ViewOptions(Token.Fields);
        var list = new Verb("list", "List tokens, oldest first. Nobody can show their secrets again.", "wisp tokens list", "wisp tokens list acme", "wisp tokens list -o json") { users };
        view.AddTo(list);
        return list.Alias("ls").Runs(shell, call => view.ShowAsync(
            call, _ => call.AskAsync(HttpMethod.Get, Token.Path, call.Get(users) is { Length: > 0 } some ? Reference.ToJson(some) : null)));
    }

    private static Verb Make(Shell shell)
    {
        var user = new Argument<string>("user") { Description = "Name or uuid of the user." };
        var role = new Option<string>("--role")
        {
            Description = "read: look; write: make, change and remove what is the user's; admin: manage the node and all its users, too.", HelpName = "read|write|admin", Required = true,
        }.Completes("read", "write", "admin");
        var label = new Option<string>("--label") { Description = "What it is for.", HelpName = "TEXT" };
        var expires = new Option<TimeSpan?>("--expires") { Description = "After how long it stops to count, such as 30d; never when not given.", HelpName = "TIME", CustomParser = Parsed.Optional(Duration.Parse) };
        return new Verb(
            "create", "Make a token. It is shown now, and never again.",
            "wisp tokens create acme --role write", "wisp tokens create acme --role read --label dashboard --expires 30d", "wisp tokens create default --role admin -o quiet")
        {
            user, role, label, expires,
        }.Runs(shell, async call =>
        {
            var body = Reference.ToJson(call.Get(user));
            body["role"] = call.Get(role);
            if (call.Get(label) is { } what)
            {
                body["label"] = what;
            }

            if (call.Get(expires) is { } after)
            {
                body["expires_in_s"] = (long)after.TotalSeconds;
            }

            return (await call.AskAsync(HttpMethod.Post, Token.Path, body)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Users.Made, single: true, byDefault: OutputFormat.Kv);
        });
    }

    private static Verb Revoke(Shell shell)
    {
        var ids = new Argument<string[]>("id") { Description = "Ids, as 'wisp tokens list' shows them.", Arity = ArgumentArity.OneOrMore };
        var children = new Option<bool>("--with-children") { Description = "Revoke what was made with them, too, and what was made with that." };
        return new Verb(
            "revoke", "Revoke tokens: the next request with one is refused. Tokens that were made with one stay unless it is said that they go, too; the answer counts them.",
            "wisp tokens revoke 4f3c0d9e7f8a4e53", "wisp tokens revoke 4f3c0d9e7f8a4e53 --with-children")
        {
            ids, children,
        }
            .Alias("delete", "rm")
            .Runs(shell, async call =>
                (await call.AskAsync(HttpMethod.Delete, Token.Path, new JsonArray([.. call.Get(ids).Select(id => (JsonNode)Revocation(id, call.Get(children)))])))
                .Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Users.Revoked));
    }

    private static JsonObject Revocation(string id, bool withChildren)
    {
        var one = new JsonObject { ["id"] = id };
        if (withChildren)
        {
            one["with_children"] = true;
        }

        return one;
    }
}
