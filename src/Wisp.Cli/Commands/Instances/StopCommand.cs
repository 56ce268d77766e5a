using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances stop</c> and <c>restart</c>.</summary>
internal static class StopCommand
{
    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell, Resources.Instances.Path);
        var force = ForceOption();
        var drain = DrainOption();
        return new Verb(
            "stop", "Stop instances: they finish what is open, then their application gets its stop signal.",
            "wisp instances stop hello", "wisp instances stop hello shop --drain-timeout 5s", "wisp instances stop hello --force")
        {
            names, force, drain,
        }.Runs(shell, call => StopAsync(call, call.Get(names), call.Get(force), call.Get(drain)));
    }

    public static Verb CreateRestart(Shell shell)
    {
        var names = Names.Argument(shell, Resources.Instances.Path);
        var force = ForceOption();
        var drain = DrainOption();
        var follow = new Option<bool>("--follow") { Description = "Print its console until it has stopped, or until Ctrl+C; of one instance." };
        return new Verb(
            "restart", "Stop instances and start them again; changes that waited for their stop are made.",
            "wisp instances restart hello", "wisp instances restart hello --force", "wisp instances restart hello --follow")
        {
            names, force, drain, follow,
        }.Runs(shell, ownDeadline: true, run: call => LogsCommand.ThenFollowAsync(call, call.Get(follow), call.Get(names), async () =>
        {
            // A stop only begins; what comes after it waits for its end. It prints nothing: the start does.
            if (Members(call.Get(force), call.Get(drain)).Failed(out var error, out var members)
                || (await call.AskAsync(HttpMethod.Put, Resources.Instances.Path + "/stop", Parsing.Reference.ToJson(call.Get(names), members))).Failed(out error, out var stopping)
                || (stopping.Failures is [var failure, ..] && (error = failure) is not null)
                || (await call.AskAsync(
                    HttpMethod.Get, Resources.Instances.Path + "/wait", Parsing.Reference.ToJson(call.Get(names), ("state", "stopped"), ("timeout_ms", WaitCommand.Milliseconds(call.Timeout))))).Failed(out error, out var stopped)
                || (stopped.Failures is [var late, ..] && (error = late) is not null))
            {
                return error!;
            }

            return await InstancesCommand.StartAsync(call, call.Get(names), cold: false);
        }));
    }

    public static Option<TimeSpan?> DrainOption() => new("--drain-timeout")
    {
        Description = "How long open requests may take to finish; as long as the platform allows when not given.",
        HelpName = "TIME",
        CustomParser = Parsed.Optional(Duration.Parse),
    };

    /// <summary>As the API takes it; -1 is the platform's maximum.</summary>
    public static JsonNode Milliseconds(TimeSpan? drain) => drain is { } given ? (long)given.TotalMilliseconds : -1L;

    private static async Task<Result<int>> StopAsync(Invocation call, string[] names, bool force, TimeSpan? drain) =>
        Members(force, drain).Failed(out var error, out var members) ? error : await InstancesCommand.ChangeAsync(call, "stop", names, members);

    private static Result<(string, JsonNode?)[]> Members(bool force, TimeSpan? drain) => force && drain is not null
        ? new WispError(ErrorCode.NotBoth, "--force and --drain-timeout exclude each other.", "Drop one of the two.")
        : new (string, JsonNode?)[] { force ? ("force", true) : ("drain_timeout_ms", Milliseconds(drain)) };

    private static Option<bool> ForceOption() => new("--force") { Description = "Kill them: the application hears nothing and finishes nothing." };
}
