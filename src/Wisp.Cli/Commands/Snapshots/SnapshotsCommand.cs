using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Snapshots;

/// <summary><c>wisp snapshots</c>.</summary>
internal static class SnapshotsCommand
{
    private const string Path = "/v1/snapshots";

    public static Verb Create(Shell shell) => new Verb(
        "snapshots", "See the files of frozen machines: what they take, who needs them, what shares what.",
        "wisp snapshots list", "wisp snapshots gc")
    {
        List(shell), Inspect(shell), Collect(shell),
    }.Alias("snapshot");

    private static Verb List(Shell shell) =>
        new Verb("list", "List snapshots, newest first.", "wisp snapshots list", "wisp snapshots list -o json")
            .Alias("ls")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Snapshots, HttpMethod.Get, Path)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, SnapshotLayout.For(shell.Time)));

    private static Verb Inspect(Shell shell)
    {
        var names = new Argument<string[]>("uuid") { Description = "Uuids.", Arity = ArgumentArity.OneOrMore };
        return new Verb("inspect", "Show everything that is known of snapshots.", "wisp snapshots inspect 4f3c0d9e-7f8a-4e53-9d61-0a2b5f6c7d88") { names }
            .Alias("get", "show")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Snapshots, HttpMethod.Get, Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, SnapshotLayout.For(shell.Time), single: call.Get(names).Length == 1, byDefault: OutputFormat.Kv));
    }

    private static Verb Collect(Shell shell) =>
        new Verb("gc", "Delete what nothing needs any more; wispd does it by itself, too.", "wisp snapshots gc")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Snapshots, HttpMethod.Post, Path + "/gc")).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, SnapshotLayout.Deleted));
}
