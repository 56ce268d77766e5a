using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Frozen;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances</c>.</summary>
internal static class InstancesCommand
{
    /// <summary>How long a start is waited for when nothing else is said: an emulated guest needs tens of seconds for what is one elsewhere.</summary>
    public const int StartPatienceSeconds = 60;

    private const string Path = Resources.Instances.Path;

    private static readonly Resource Instance = Resources.Instances.Instance;

    public static Verb Create(Shell shell) => new Verb(
        "instances", "See and steer instances.",
        "wisp instances list", "wisp instances logs hello -f", "wisp instances delete hello")
    {
        ResourceVerbs.List(shell, Instance, "oldest first", "wisp instances list --filter state==running --sort -resources.memory", "wisp instances list -f name,state,service -w"),
        ResourceVerbs.Get(shell, Instance, (call, view, answer) => answer.Items is [var only] && (call.Format is null or OutputFormat.Kv || view.AsksFor("service.urls")) ? ServiceUrls.AddToAsync(call, only) : Task.CompletedTask),
        RunCommand.CreateStopped(shell), RunCommand.CreateBelowInstances(shell), EditCommand.Create(shell, Instance, Writing.InstanceProperties.Instance), LogsCommand.Create(shell),
        Start(shell), StopCommand.Create(shell), StopCommand.CreateRestart(shell), Suspend(shell), WaitCommand.Create(shell, Instance, Resources.Instances.Transition),
        TemplatesCommand.CreateBelowInstances(shell), CheckpointsCommand.CreateBelowInstances(shell), RunCommand.CreateBranch(shell), HistoryCommand.Create(shell, Instance),
        TunnelCommand.CreateBelowInstances(shell), DeleteCommand.Create(shell),
    }.Alias("instance", "vm");

    private static Verb Start(Shell shell)
    {
        var names = Names.Argument(shell, Path);
        var cold = new Option<bool>("--cold") { Description = "Boot, whatever could be restored; what a sleeping one had in memory is lost." };
        var follow = new Option<bool>("--follow") { Description = "Print its console until it has stopped, or until Ctrl+C; of one instance." };
        return new Verb("start", "Start stopped instances, or wake sleeping ones; they have 60 s to become ready, or --timeout.", "wisp instances start hello", "wisp instances start hello --timeout 2m", "wisp instances start hello --follow") { names, cold, follow }
            .Runs(shell, ownDeadline: true, run: call => LogsCommand.ThenFollowAsync(call, call.Get(follow), call.Get(names), () => StartAsync(call, call.Get(names), call.Get(cold))));
    }

    /// <summary>Starts instances and prints what became of them.</summary>
    public static Task<Result<int>> StartAsync(Invocation call, IReadOnlyList<string> names, bool cold)
    {
        var wait = ("timeout_s", (JsonNode?)Seconds(call.Timeout ?? TimeSpan.FromSeconds(StartPatienceSeconds)));
        return cold ? ChangeAsync(call, "start", names, wait, ("cold", true)) : ChangeAsync(call, "start", names, wait);
    }

    private static Verb Suspend(Shell shell)
    {
        var names = Names.Argument(shell, Path);
        var drain = StopCommand.DrainOption();
        return new Verb("suspend", "Put instances to sleep now; they keep their memory.", "wisp instances suspend hello", "wisp instances suspend hello --drain-timeout 5s") { names, drain }
            .Runs(shell, call => ChangeAsync(call, "suspend", call.Get(names), ("drain_timeout_ms", StopCommand.Milliseconds(call.Get(drain)))));
    }

    /// <summary>Asks for a change of state and prints what became of it.</summary>
    public static Task<Result<int>> ChangeAsync(Invocation call, string verb, IReadOnlyList<string> names, params IReadOnlyList<(string, JsonNode?)> members) =>
        ResourceVerbs.ChangeAsync(call, HttpMethod.Put, $"{Path}/{verb}", names, Resources.Instances.Transition, members);

    /// <summary>Whole seconds, none of them lost.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Min(Math.Ceiling(time.TotalSeconds), 86_400);
}
