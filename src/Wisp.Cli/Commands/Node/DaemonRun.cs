using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Cli.Commands.Node;

/// <summary>Commands that wispd itself carries out, on the data directory.</summary>
internal static class DaemonRun
{
    /// <summary>Runs one to its end, and says what it says.</summary>
    /// <param name="call">The command that was typed.</param>
    /// <param name="arguments">The command of wispd, without the directory.</param>
    public static async Task<Result<int>> RunAsync(Invocation call, params IReadOnlyList<string> arguments)
    {
        if (DaemonProgram.Locate(call.Shell.Variable).Failed(out var error, out var program)
            || (await new ToolRunner().RunAsync(
                program.Command([.. arguments, "--data-dir", call.Data.Root]), line => Show(call.Shell, line), call.Cancellation)).Failed(out error, out var output))
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
