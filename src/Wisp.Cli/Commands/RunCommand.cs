using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Connections;
using Wisp.Cli.Progress;
using Wisp.Images;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp run</c>.</summary>
internal static class RunCommand
{
    public static Verb Create(Shell shell)
    {
        var options = new RunOptions();
        var run = new Verb(
            "run", "Make an instance of an image, or of a directory with a Dockerfile, and start it; it has 60 s to become ready, or --timeout.",
            "wisp run hello -n hello -p 8080:8080",
            "sudo wisp run ./shop -p 0.0.0.0:80:3000 -e STAGE=live -m 256MiB --restart always",
            "wisp run postgres -p 5432:5432/tcp --scale-to-zero off",
            "wisp run debian --follow -- sh -c 'echo hello'");
        options.AddTo(run);
        return run.Runs(shell, ownDeadline: true, run: call => RunAsync(call, options));
    }

    private static async Task<Result<int>> RunAsync(Invocation call, RunOptions options)
    {
        if ((await ImageAsync(call, call.Get(options.Image))).Failed(out var error, out var image)
            || options.Request(call, image).Failed(out error, out var request))
        {
            return error;
        }

        var asked = call.Get(options.NoStart)
            ? await call.AskAsync(WireLists.Instances, HttpMethod.Post, InstancesCommand.Path, request)
            : await Spinner.RunAsync(
                call.Shell, $"Starting an instance of {image}", _ => call.AskAsync(WireLists.Instances, HttpMethod.Post, InstancesCommand.Path, request));
        if (asked.Failed(out error, out var answer))
        {
            return error;
        }

        var urls = answer.Items is [var made, ..] ? await ServiceUrls.OfAsync(call, made) : null;
        var code = call.Print.Items(answer, InstanceLayout.Instance(call.Shell.Time, urls), single: true);
        return code == ExitCode.Ok && call.Get(options.Follow)
            ? call.Connect().Failed(out error, out var client)
                ? error
                : await new LogReader(client, call.Shell, answer.Items[0].Uuid!).RunAsync(null, follow: true, call.Cancellation)
            : code;
    }

    private static async Task<Result<string>> ImageAsync(Invocation call, string image)
    {
        var isDirectory = Directory.Exists(image)
            && (image.StartsWith('.') || image.StartsWith('/') || File.Exists(Path.Combine(image, "Dockerfile")) || File.Exists(Path.Combine(image, "Containerfile")));
        return !isDirectory ? image
            : (await ImageBuild.RunAsync(call, new BuildRequest(image, null))).Failed(out var error, out var built) ? error
            : built.Name;
    }
}
