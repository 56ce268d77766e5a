using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;
using Wisp.Contracts.Instances;
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
        return code != ExitCode.Ok || call.Get(options.NoStart) ? code
            : call.Get(options.Follow) ? await FollowAsync(call, answer.Items[0].Uuid!)
            : await LookAgainAsync(call, answer.Items[0]);
    }

    // With a port, running means that it is open; without one, only that the program was begun. So this looks for a second whether it
    // ends at once with an error.
    private static async Task<Result<int>> LookAgainAsync(Invocation call, Instance made)
    {
        if (made is not { ServiceGroup: null, RestartPolicy: "never" })
        {
            return ExitCode.Ok;
        }

        if (call.Connect().Failed(out var error, out var client)
            || (await client.SendAsync(HttpMethod.Get, $"{InstancesCommand.Path}/wait?uuid={made.Uuid}&state=stopped&timeout_s=1", null, call.Cancellation)).Failed(out error, out _)
            || (await client.AskAsync(WireLists.Instances, HttpMethod.Get, InstancesCommand.Path, Reference.ToJson(made.Uuid!), call.Cancellation)).Failed(out error, out var answer))
        {
            return error;
        }

        return answer.Items is [{ State: "stopped", ExitCode: { } exit and not 0 } ended, ..]
            ? new WispError(ErrorCode.OperationFailed, $"Instance '{ended.Name}' ended at once with exit code {exit}.", $"See what it said: wisp instances logs {ended.Name}", "ended-at-once")
            : ExitCode.Ok;
    }

    private static async Task<Result<int>> FollowAsync(Invocation call, string uuid)
    {
        if (call.Connect().Failed(out var error, out var client)
            || (await new LogReader(client, call.Shell, uuid).RunAsync(null, follow: true, call.Cancellation)).Failed(out error, out _))
        {
            return error;
        }

        // As if it had run here; one that was deleted meanwhile, or was killed, has no code.
        var asked = await client.AskAsync(WireLists.Instances, HttpMethod.Get, InstancesCommand.Path, Reference.ToJson(uuid), call.Cancellation);
        return !asked.Failed(out _, out var answer) && answer.Items is [{ ExitCode: { } code }, ..] ? code : ExitCode.Ok;
    }

    private static async Task<Result<string>> ImageAsync(Invocation call, string image)
    {
        // No name of an image begins like that.
        var isPath = image.StartsWith('.') || image.StartsWith('/');
        if (isPath && !Directory.Exists(image))
        {
            return new WispError(ErrorCode.InvalidValue, $"There is no directory {Path.GetFullPath(image)}.", "Name a directory with a Dockerfile, or an image: wisp images list");
        }

        var isDirectory = Directory.Exists(image)
            && (isPath || File.Exists(Path.Combine(image, "Dockerfile")) || File.Exists(Path.Combine(image, "Containerfile")));
        return !isDirectory ? image
            : (await ImageBuild.RunAsync(call, new BuildRequest(image, null))).Failed(out var error, out var built) ? error
            : built.Name;
    }
}
