using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp restart</c>.</summary>
internal static class RestartCommand
{
    public static Verb Create(Shell shell) => new Verb(
        "restart", "Start wispd anew, as it lies on the disk now; machines run on, and who connects meanwhile waits for it. It keeps the options and variables that it was started with; for others: wisp down, wisp up.",
        "sudo wisp restart", "sudo wisp restart --data-dir /srv/wisp").Runs(shell, call => DaemonRun.RunAsync(call, "restart"));
}
