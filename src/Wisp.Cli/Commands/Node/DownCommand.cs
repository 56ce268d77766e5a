using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp down</c>.</summary>
internal static class DownCommand
{
    public static Verb Create(Shell shell) => new Verb(
        "down", "Stop wispd; freeze the instances that keep their memory, stop the others; only files are left on the host.",
        "sudo wisp down", "sudo wisp down --data-dir /srv/wisp").Runs(shell, call => DaemonRun.RunAsync(call, "down"));
}
