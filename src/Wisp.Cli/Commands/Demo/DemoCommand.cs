using System.CommandLine;
using Wisp.Bench.Reporting;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Progress;
using Wisp.Images;
using Wisp.Layout;

namespace Wisp.Cli.Commands.Demo;

/// <summary><c>wisp demo</c>: from a Dockerfile to a sleeping machine that answers.</summary>
internal static class DemoCommand
{
    public static Verb Create(Shell shell)
    {
        var directory = new Option<string>("--image-dir") { Description = "A directory with the Dockerfile of an HTTP server on port 8080 [examples/hello].", HelpName = "DIR" };
        var listen = new Option<string>("--listen") { Description = "Address and port of the API when wispd is started [127.0.0.1:7077]; port 0 picks a free one.", HelpName = "ADDRESS:PORT" };
        return new Verb(
            "demo", "Start wispd, build an example, run it, let it fall asleep, wake it 30 times, rewind and branch it; a second run uses everything again.",
            "sudo wisp demo", "sudo wisp demo -o json")
        {
            directory, listen,
        }.Runs(shell, call => DemoAsync(call, call.Get(directory), call.Get(listen)));
    }

    private static async Task<Result<int>> DemoAsync(Invocation call, string? directory, string? listen)
    {
        var steps = new Steps(call.Shell);
        WispError? error;
        if (directory is null && SourceTree.Find().HelloDirectory().Failed(out error, out directory)
            || (await steps.RunAsync(
                "Starting wispd",
                report => new DaemonControl(call.Data, call.Shell).EnsureAsync(listen, report, call.Cancellation),
                up => $"wispd {(up.Started ? "runs" : "runs already")} at {up.Record.Endpoint}, accelerator {up.Record.Accelerator}")).Failed(out error, out var daemon)
            || (await ImageBuild.RunAsync(call, new BuildRequest(directory, null))).Failed(out error, out var image))
        {
            return error;
        }

        steps.Done($"Image {image.Name} {(image.Reused ? "is there already" : "built")}, {Words.Bytes(image.SizeInBytes)}", TimeSpan.FromSeconds(image.Seconds));
        if (ServerLocator.FindNode(call.Data).Failed(out error, out var server))
        {
            return error;
        }

        // The script of a checkout says how it was called, since it is in nobody's PATH.
        var wisp = call.Shell.Variable("WISP_COMMAND") ?? "wisp";
        using var client = new ApiClient(server, call.Shell);
        if ((await new DemoInstance(client, steps, call.Cancellation).EnsureAsync(image)).Failed(out error, out var hello)
            || (await new DemoMeasurement(client, steps, hello, call.Cancellation).RunAsync()).Failed(out error, out var wakes)
            || (await new DemoRewind(client, steps, hello, wisp, call.Cancellation).RunAsync()).Failed(out error, out var moments))
        {
            return error;
        }

        call.Shell.Error.WriteLine();
        call.Print.One(Summary(call.Data, daemon.Record, hello, wakes, moments), Resources.Node.Demo, CliJson.Default.DemoSummary);
        if (call.Format is null or OutputFormat.Kv)
        {
            call.Shell.Output.WriteLine();
            call.Shell.Output.WriteLine("Try next:");
            call.Shell.Output.WriteLine($"  curl -i {hello.Url}/count");
            call.Shell.Output.WriteLine($"  {wisp} instances logs {hello.Name} --tail 5{call.ForDirectory}");
            call.Shell.Output.WriteLine($"  {wisp} down{call.ForDirectory}");
        }

        return ExitCode.Ok;
    }

    private static DemoSummary Summary(DataDirectory data, DaemonRecord daemon, RunningDemo hello, DemoFigures figures, DemoMoments? moments) => new()
    {
        Url = hello.Url,
        Instance = hello.Name,
        BootMs = hello.Restored ? null : hello.BootMs,
        Restored = hello.Restored,
        Reused = hello.Reused,
        FirstAnswerMs = figures.FirstAnswerMs,
        Wakes = figures.WakesMs.Count,
        WakeP50Ms = figures.Wake(50),
        WakeP99Ms = figures.Wake(99),
        CheckpointMs = moments is null ? null : Math.Round(moments.CheckpointMs, 2),
        RewindMs = moments is null ? null : Math.Round(moments.RewindMs, 2),
        BranchMs = moments is null ? null : Math.Round(moments.BranchMs, 2),
        MemoryMb = hello.MemoryMb,
        ResidentMib = MachineMemory.ResidentMib(data, hello.Uuid),
        Accelerator = daemon.Accelerator,
        AcceleratorReason = daemon.AcceleratorReason,
    };
}
