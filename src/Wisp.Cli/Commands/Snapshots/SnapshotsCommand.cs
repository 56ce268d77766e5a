using Wisp.Cli.CommandLine;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Snapshots;

/// <summary><c>wisp snapshots</c>.</summary>
internal static class SnapshotsCommand
{
    private static readonly Resource Snapshot = Resources.Snapshots.Snapshot;

    public static Verb Create(Shell shell) => new Verb(
        "snapshots", "See the files of frozen machines: what they take, who needs them, what shares what.",
        "wisp snapshots list", "wisp snapshots gc")
    {
        ResourceVerbs.List(shell, Snapshot, "newest first", "wisp snapshots list --filter kind==checkpoint --sort -size.own"), ResourceVerbs.Get(shell, Snapshot), Collect(shell),
    }.Alias("snapshot");

    private static Verb Collect(Shell shell) =>
        new Verb("gc", "Delete what nothing needs any more; wispd does it by itself, too.", "wisp snapshots gc")
            .Runs(shell, async call => (await call.AskAsync(HttpMethod.Post, Snapshot.Path + "/gc")).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Resources.Snapshots.Deleted));
}
