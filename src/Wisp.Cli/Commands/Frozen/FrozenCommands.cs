using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Frozen;

/// <summary>What can be done with templates and checkpoints alike.</summary>
internal static class FrozenCommands
{
    public static Verb List(Shell shell, FrozenWords words) =>
        new Verb("list", $"List {words.Plural}, oldest first.", $"{words.Command} list", $"{words.Command} list -o json")
            .Alias("ls")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Instances, HttpMethod.Get, words.Path)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.For(shell.Time)));

    public static Verb Get(Shell shell, FrozenWords words)
    {
        var names = Names.Argument(shell, path: words.Path);
        return new Verb("get", $"Show everything that is known of {words.Plural}.", $"{words.Command} get hello", $"{words.Command} get hello -o json") { names }
            .Alias("inspect", "show")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Instances, HttpMethod.Get, words.Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.For(shell.Time), single: call.Get(names).Length == 1, byDefault: OutputFormat.Kv));
    }

    public static Verb Delete(Shell shell, FrozenWords words)
    {
        var names = Names.Argument(shell, path: words.Path);
        return new Verb("delete", $"Delete {words.Plural}; what was made from them stays.", $"{words.Command} delete hello", $"{words.Command} rm hello shop") { names }
            .Alias("rm", "remove")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Transitions, HttpMethod.Delete, words.Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.Deleted, single: call.Get(names).Length == 1, byDefault: OutputFormat.Table));
    }

    public static Verb History(Shell shell, FrozenWords words)
    {
        var names = Names.Argument(shell, path: words.Path);
        return new Verb("history", $"Show the checkpoints that {words.Plural} descend from, newest first.", $"{words.Command} history hello", $"{words.Command} history hello -o json") { names }
            .Runs(shell, async call => (await call.AskAsync(WireLists.Histories, HttpMethod.Get, words.Path + "/history", Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.History(shell.Time), single: call.Get(names).Length == 1, byDefault: OutputFormat.Table));
    }
}
