using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp down</c>.</summary>
internal static class DownCommand
{
    public static Verb Create(Shell shell) => new Verb(
        "down", "Stop wispd; freeze the instances that keep their memory, stop the others; only files are left on the host.",
        "sudo wisp down", "sudo wisp down --data-dir /srv/wisp").Runs(shell, DownAsync);

    private static async Task<Result<int>> DownAsync(Invocation call)
    {
        if (DaemonProgram.Locate(call.Shell.Variable).Failed(out var error, out var program)
            || (await new ToolRunner().RunAsync(
                program.Command("down", "--data-dir", call.Data.Root), line => Show(call.Shell, line), call.Cancellation)).Failed(out error, out var output))
        {
            return error;
        }

        return output.Ok ? ExitCode.Ok : new WispError(
            ErrorCode.OperationFailed,
            output.LastLine.StartsWith(DaemonLogLine.ErrorPrefix, StringComparison.Ordinal) ? output.LastLine[DaemonLogLine.ErrorPrefix.Length..] : output.LastLine);
    }

    private static void Show(Shell shell, ToolLine line)
    {
        if (!line.IsError)
        {
            shell.Output.WriteLine(line.Text);
        }
        else if (!line.Text.StartsWith(DaemonLogLine.ErrorPrefix, StringComparison.Ordinal))
        {
            shell.Error.WriteLine(line.Text);
        }
    }
}
