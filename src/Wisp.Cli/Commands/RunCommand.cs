using System.Text.Json.Nodes;
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
        var options = new RunOptions(shell);
        var run = new Verb(
            "run", "Make an instance of an image, of a directory with a Dockerfile, or of what is frozen, and start it; it has 60 s to become ready, or --timeout.",
            "wisp run hello -n hello -p 8080:8080",
            "sudo wisp run ./shop -p 0.0.0.0:80:3000 -e STAGE=live -m 256MiB --restart always",
            "wisp run postgres -p 5432:5432/tcp --scale-to-zero off",
            "wisp run --checkpoint before -p 8081:8080",
            "wisp run debian --follow -- sh -c 'echo hello'");
        options.AddTo(run);
        return run.Runs(shell, ownDeadline: true, run: call => RunAsync(call, options, start: !call.Get(options.NoStart)));
    }

    /// <summary><c>wisp instances create</c>: the same, but for the start.</summary>
    public static Verb CreateStopped(Shell shell)
    {
        var options = new RunOptions(shell);
        var create = new Verb(
            "create", "Make instances and leave them stopped, unless --autostart.",
            "wisp instances create hello -n hello -p 8080:8080", "wisp instances create --template hello --replicas 100 --autostart");
        options.AddStoppedTo(create);
        return create.Alias("new").Runs(shell, ownDeadline: true, run: call => RunAsync(call, options, start: call.Get(options.Autostart)));
    }

    /// <summary><c>wisp instances branch</c>: an instance that goes on from where another is.</summary>
    public static Verb CreateBranch(Shell shell)
    {
        var options = new RunOptions(shell);
        var branch = new Verb(
            "branch", "Make an instance that goes on from where another is now, which goes on, too.",
            "wisp instances branch hello -n other", "wisp instances branch hello -p 8081:8080");
        options.AddBranchTo(branch);
        return branch.Runs(shell, ownDeadline: true, run: call => RunAsync(call, options, start: !call.Get(options.NoStart), branch: true));
    }

    private static async Task<Result<int>> RunAsync(Invocation call, RunOptions options, bool start, bool branch = false)
    {
        if (options.Origin(call, branch).Failed(out var error, out var origin)
            || (await BeginAsync(call, origin, branch ? null : call.Find(options.Image))).Failed(out error, out var begin)
            || options.Request(call, begin, start).Failed(out error, out var request))
        {
            return error;
        }

        var asked = !start
            ? await call.AskAsync(WireLists.Instances, HttpMethod.Post, InstancesCommand.Path, request)
            : await Spinner.RunAsync(
                call.Shell, $"Starting an instance of {origin?.Name ?? begin.Value.ToString()}", _ => call.AskAsync(WireLists.Instances, HttpMethod.Post, InstancesCommand.Path, request));
        if (asked.Failed(out error, out var answer))
        {
            return error;
        }

        var single = answer.Items.Count <= 1;
        var urls = answer.Items is [var made] ? await ServiceUrls.OfAsync(call, made) : null;
        var code = call.Print.Items(answer, InstanceLayout.Instance(call.Shell.Time, urls), single);
        return code != ExitCode.Ok || !start || !single ? code
            : !branch && call.Get(options.Follow) ? await FollowAsync(call, answer.Items[0].Uuid!)
            : await LookAgainAsync(call, answer.Items[0]);
    }

    private static async Task<Result<(string Member, JsonNode Value)>> BeginAsync(Invocation call, (string Member, string Name)? origin, string? image) =>
        origin is { } frozen ? (frozen.Member, (JsonNode)Reference.ToJson(frozen.Name))
        : (await ImageAsync(call, image!)).Failed(out var error, out var built) ? error
        : ("image", (JsonNode)built);

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
