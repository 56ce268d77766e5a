using System.CommandLine;
using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp backup</c> and <c>wisp restore</c>.</summary>
internal static class BackupCommands
{
    public static Verb Backup(Shell shell)
    {
        var file = new Argument<string>("file") { Description = "Where to; a file of that name is replaced once the new one is whole." };
        var with = new Option<string>("--with") { Description = "What to take along: images, snapshots, or both with a comma between them.", HelpName = "PARTS" }.Completes("images", "snapshots", "images,snapshots");
        return new Verb(
            "backup", "Write what this node knows into one file, while it runs or not.",
            "sudo wisp backup /srv/backup/wisp.tar", "sudo wisp backup /srv/backup/wisp.tar --with images,snapshots")
        {
            file, with,
        }.Runs(shell, call => DaemonRun.RunAsync(call, ["backup", Path.GetFullPath(call.Get(file)), .. call.Get(with) is { } parts ? ["--with", parts] : Array.Empty<string>()]));
    }

    public static Verb Restore(Shell shell)
    {
        var file = new Argument<string>("file") { Description = "The backup." };
        var force = new Option<bool>("--force") { Description = "Replace the node that is in the data directory; its images stay." };
        return new Verb(
            "restore", "Make the data directory of a stopped node what it was when a backup was written.",
            "sudo wisp restore /srv/backup/wisp.tar", "sudo wisp restore /srv/backup/wisp.tar --force --data-dir /srv/wisp")
        {
            file, force,
        }.Runs(shell, call => DaemonRun.RunAsync(call, ["restore", Path.GetFullPath(call.Get(file)), .. call.Get(force) ? ["--force"] : Array.Empty<string>()]));
    }
}
