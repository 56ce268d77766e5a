using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;
using Wisp.Images;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp run</c>.</summary>
internal static class RunCommand
{
    public static Verb Create(Shell shell) => Create(shell, "wisp run");

    /// <summary><c>wisp instances run</c>: the same.</summary>
    public static Verb CreateBelowInstances(Shell shell) => Create(shell, "wisp instances run");

    private static Verb Create(Shell shell, string command)
    {
        var options = new RunOptions(shell);
        var run = new Verb(
            "run", "Make an instance of an image, of a directory with a Dockerfile, or of what is frozen, and start it; it has 60 s to become ready, or --timeout.",
            $"{command} hello -n hello -p 8080:8080",
            $"sudo {command} ./shop -p 0.0.0.0:80:3000 -e STAGE=live -m 256MiB --restart always",
            $"{command} ./shop --service shop --rollout rolling",
            $"{command} postgres -p 5432:5432/tcp --scale-to-zero off",
            $"{command} --checkpoint before -p 8081:8080",
            $"{command} hello --set scale-to-zero.cooldown-time=5s --dry-run",
            $"{command} debian --follow -- sh -c 'echo hello'");
        options.AddTo(run);
        return run.Runs(shell, ownDeadline: true, run: call => RunAsync(call, options, start: !call.Get(options.NoStart), rolls: true));
    }

    /// <summary><c>wisp instances create</c>: the same, but for the start.</summary>
    public static Verb CreateStopped(Shell shell)
    {
        var options = new RunOptions(shell);
        var create = new Verb(
            "create", "Make instances and leave them stopped, unless --autostart.",
            "wisp instances create hello -n hello -p 8080:8080", "wisp instances create --template hello --replicas 100 --autostart",
            "wisp instances create hello --set resources.memory=256MiB --save hello.yaml --dry-run", "wisp instances create --load hello.yaml -n other", "wisp instances create hello --visual");
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

    private static async Task<Result<int>> RunAsync(Invocation call, RunOptions options, bool start, bool branch = false, bool rolls = false)
    {
        if (options.Writer.Begin(call).Failed(out var error, out var loaded)
            || options.OriginOf(call, branch, loaded).Failed(out error, out var origin)
            || (await BuiltAsync(call, options, origin)).Failed(out error, out origin)
            || options.Request(call, loaded, origin, start).Failed(out error, out var request)
            || (await options.Writer.FinishAsync(call, HttpMethod.Post, Resources.Instances.Path, request)).Failed(out error, out var draft))
        {
            return error;
        }

        if (!draft.Send)
        {
            return ExitCode.Ok;
        }

        start = (bool?)request["autostart"] == true;
        Rollout? rollout = null;
        if (rolls && !start && options.RolloutOf(call) is not null)
        {
            return new WispError(ErrorCode.NotBoth, "--rollout is about what starts, and nothing does.", "Leave --no-start out.");
        }

        if (rolls && start && (await Rollout.OfAsync(call, request, options.RolloutOf(call))).Failed(out error, out rollout))
        {
            return error;
        }

        if (rollout is not null)
        {
            // What goes is not to go before what comes is there.
            request["timeout_s"] ??= InstancesCommand.StartPatienceSeconds;
            if (rollout.OldFirst && (await rollout.RetireAsync()).Failed(out error))
            {
                return error;
            }
        }

        var asked = !start
            ? await call.AskAsync(HttpMethod.Post, Resources.Instances.Path, request)
            : await Spinner.RunAsync(call.Shell, $"Starting an instance of {origin?.Name ?? "what the file says"}", _ => call.AskAsync(HttpMethod.Post, Resources.Instances.Path, request));
        if (draft.Kept(asked).Failed(out error, out var answer))
        {
            return rollout?.Untouched(error) ?? error;
        }

        var single = answer.Items.Count <= 1;
        if (answer.Items is [var made])
        {
            await ServiceUrls.AddToAsync(call, made);
        }

        var code = call.Print.Items(answer, Resources.Instances.Instance.Fields, single);
        if (rollout is not null && (rollout.Check(answer) is { } failed || !rollout.OldFirst && (await rollout.RetireAsync()).Failed(out failed)))
        {
            return failed;
        }

        return code != ExitCode.Ok || !start || !single ? code
            : !branch && call.Get(options.Follow) ? await FollowAsync(call, answer.Items[0])
            : await LookAgainAsync(call, answer.Items[0]);
    }

    // A directory becomes the image that is built of it, unless nothing is to happen.
    private static async Task<Result<Origin?>> BuiltAsync(Invocation call, RunOptions options, Origin? origin) =>
        origin is not { Member: Origin.Image } || options.Writer.DryRun(call) ? origin
        : (await ImageAsync(call, origin.Name)).Failed(out var error, out var image) ? error
        : origin with { Name = image };

    // With a port, running means that it is open; without one, only that the program was begun. So this looks for a second whether it
    // ends at once with an error.
    private static async Task<Result<int>> LookAgainAsync(Invocation call, JsonObject made)
    {
        if (made["service_group"] is not null || Listing.Text(made, "restart_policy") != "never")
        {
            return ExitCode.Ok;
        }

        var uuid = Listing.Text(made, "uuid")!;
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        var (client, reference) = ClientOf(router, made, uuid);
        if ((await client.SendAsync(HttpMethod.Get, $"{Resources.Instances.Path}/wait?uuid={uuid}&state=stopped&timeout_s=1", null, call.Cancellation)).Failed(out error, out _)
            || (await client.ListAsync(HttpMethod.Get, Resources.Instances.Path, reference, call.Cancellation)).Failed(out error, out var answer))
        {
            return error;
        }

        return answer.Items is [var ended, ..] && Listing.Text(ended, "state") == "stopped" && ended["exit_code"] is { } exit && FieldText.Number(exit) is not 0
            ? new WispError(
                ErrorCode.OperationFailed, $"Instance '{Listing.Text(ended, "name")}' ended at once with exit code {FieldText.Text(exit)}.",
                $"See what it said: wisp instances logs {Listing.Text(ended, "name")}", "ended-at-once")
            : ExitCode.Ok;
    }

    private static async Task<Result<int>> FollowAsync(Invocation call, JsonObject made)
    {
        var uuid = Listing.Text(made, "uuid")!;
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        var (client, reference) = ClientOf(router, made, uuid);
        if ((await new LogReader(client, call.Shell, uuid).RunAsync(null, follow: true, call.Cancellation)).Failed(out error, out _))
        {
            return error;
        }

        // As if it had run here; one that was deleted meanwhile, or was killed, has no code.
        var asked = await client.ListAsync(HttpMethod.Get, Resources.Instances.Path, reference, call.Cancellation);
        return !asked.Failed(out _, out var answer) && answer.Items is [var ended, ..] && ended["exit_code"] is JsonValue code ? code.GetValue<int>() : ExitCode.Ok;
    }

    private static (ApiClient Client, JsonObject Reference) ClientOf(MetroRouter router, JsonObject made, string uuid) => (
        router.Metros.FirstOrDefault(metro => metro.Server.Metro == Listing.Text(made, "metro")) ?? router.Default, Reference.ToJson(uuid));

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
