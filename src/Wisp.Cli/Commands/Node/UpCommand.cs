using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Progress;

namespace Wisp.Cli.Commands.Node;

/// <summary><c>wisp up</c>.</summary>
internal static class UpCommand
{
    public static Verb Create(Shell shell)
    {
        var listen = new Option<string>("--listen") { Description = "Address and port of the API [127.0.0.1:7077]; port 0 picks a free one.", HelpName = "ADDRESS:PORT" };
        return new Verb(
            "up", "Start wispd in the background, unless it runs.",
            "sudo wisp up", "sudo wisp up --data-dir /srv/wisp --listen 127.0.0.1:7078")
        {
            listen,
        }.Runs(shell, call => UpAsync(call, call.Get(listen)));
    }

    private static async Task<Result<int>> UpAsync(Invocation call, string? listen)
    {
        var up = await Spinner.RunAsync(
            call.Shell, "Starting wispd", report => new DaemonControl(call.Data, call.Shell).EnsureAsync(listen, report, call.Cancellation));
        if (up.Failed(out var error, out var daemon))
        {
            return error;
        }

        call.Shell.Error.WriteLine(daemon.Started ? "wispd runs." : "wispd runs already.");
        call.Print.One(
            new NodeStatus
            {
                Endpoint = daemon.Record.Endpoint,
                TokenFile = daemon.Record.TokenFile,
                Accelerator = daemon.Record.Accelerator,
                AcceleratorReason = daemon.Record.AcceleratorReason,
                Pid = daemon.Record.Pid,
                DataDir = daemon.Record.DataDir,
                Version = daemon.Record.Version,
            },
            Resources.Node.Status, CliJson.Default.NodeStatus);
        return ExitCode.Ok;
    }
}
