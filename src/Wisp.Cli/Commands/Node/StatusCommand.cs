using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp status</c>.</summary>
internal static class StatusCommand
{
    public static Verb Create(Shell shell) => new Verb(
        "status", "Show which server this is, how it runs machines, and how its instances are.",
        "wisp status", "wisp status -o json").Runs(shell, async call =>
    {
        if ((await NodeStatusReader.ReadAsync(call)).Failed(out var error, out var status))
        {
            return error;
        }

        call.Print.One(status, Resources.Node.Status, CliJson.Default.NodeStatus);
        return ExitCode.Ok;
    });
}
