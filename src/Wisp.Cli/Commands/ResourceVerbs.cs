using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands;

/// <summary>What can be done with resources of every kind.</summary>
internal static class ResourceVerbs
{
    /// <summary><c>list</c>.</summary>
    public static Verb List(Shell shell, Resource resource, string order = "oldest first", params string[] examples)
    {
        var view = new ViewOptions(resource.Fields);
        var list = new Verb(
            "list", $"List {resource.Plural}, {order}.",
            [$"{resource.Command} list", $"{resource.Command} list -o json", .. examples]);
        view.AddTo(list);
        return list.Alias("ls").Runs(shell, call => view.ShowAsync(call, _ => call.AskAsync(HttpMethod.Get, resource.Path)));
    }

    /// <summary><c>get</c>.</summary>
    /// <param name="shell">Where it is typed.</param>
    /// <param name="resource">What it is about.</param>
    /// <param name="complete">Adds to the answer what takes another call.</param>
    public static Verb Get(Shell shell, Resource resource, Func<Invocation, View, Listing, Task>? complete = null)
    {
        var names = Names.Argument(shell, resource.Path);
        var view = new ViewOptions(resource.Fields);
        var get = new Verb(
            "get", $"Show everything that is known of {resource.Plural}.",
            $"{resource.Command} get {resource.Example}", $"{resource.Command} get {resource.Example} -o yaml", $"{resource.Command} get {resource.Example} -f {resource.Fields.Key} -f timestamps")
        {
            names,
        };
        view.AddTo(get);
        return get.Alias("inspect", "show").Runs(shell, call => view.ShowAsync(
            call,
            async chosen =>
            {
                if ((await call.AskAsync(HttpMethod.Get, resource.Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer))
                {
                    return error;
                }

                if (complete is not null)
                {
                    await complete(call, chosen, answer);
                }

                return answer;
            },
            single: call.Get(names).Length == 1, byDefault: OutputFormat.Kv));
    }

    /// <summary>Everything that an API of this kind lists, one change for each.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="method">What is done.</param>
    /// <param name="path">Where.</param>
    /// <param name="names">To what.</param>
    /// <param name="fields">What is shown of the answer.</param>
    /// <param name="members">What is said of each.</param>
    public static async Task<Result<int>> ChangeAsync(
        Invocation call, HttpMethod method, string path, IReadOnlyList<string> names, FieldSet fields, params IReadOnlyList<(string, JsonNode?)> members) =>
        (await call.AskAsync(method, path, Reference.ToJson(names, members))).Failed(out var error, out var answer)
            ? error
            : call.Print.Items(answer, fields, single: names.Count == 1, byDefault: OutputFormat.Table);
}
