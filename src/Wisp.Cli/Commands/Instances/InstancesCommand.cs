using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Frozen;
using Wisp.Cli.Commands.Services;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances</c>.</summary>
internal static class InstancesCommand
{
    /// <summary>How long a start is waited for when nothing else is said: an emulated guest needs tens of seconds for what is one elsewhere.</summary>
    public const int StartPatienceSeconds = 60;

    public const string Path = "/v1/instances";

    private static readonly FrozenWords Words = new("instance", Path, "wisp instances");

    public static Verb Create(Shell shell) => new Verb(
        "instances", "See and steer instances.",
        "wisp instances list", "wisp instances logs hello -f", "wisp instances delete hello")
    {
        List(shell), Get(shell), RunCommand.CreateStopped(shell), EditCommand.Create(shell, Words), LogsCommand.Create(shell), Start(shell), StopCommand.Create(shell), Suspend(shell),
        WaitCommand.Create(shell), TemplatesCommand.CreateBelowInstances(shell), CheckpointsCommand.CreateBelowInstances(shell), RunCommand.CreateBranch(shell),
        FrozenCommands.History(shell, Words), DeleteCommand.Create(shell),
    }.Alias("instance", "vm");

    private static Verb List(Shell shell) =>
        new Verb("list", "List instances, oldest first.", "wisp instances list", "wisp instances list -o quiet", "wisp instances list -o json")
            .Alias("ls")
            .Runs(shell, async call => (await call.AskAsync(WireLists.Instances, HttpMethod.Get, Path)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, InstanceLayout.Instance(shell.Time)));

    private static Verb Get(Shell shell)
    {
        var names = Names.Argument(shell);
        return new Verb("get", "Show everything that is known of instances.", "wisp instances get hello", "wisp instances get hello -o json") { names }
            .Alias("inspect", "show")
            .Runs(shell, call => GetAsync(call, call.Get(names)));
    }

    private static async Task<Result<int>> GetAsync(Invocation call, string[] names)
    {
        if ((await call.AskAsync(WireLists.Instances, HttpMethod.Get, Path, Reference.ToJson(names))).Failed(out var error, out var answer))
        {
            return error;
        }

        // Only a person who looks at one instance wants to know where it answers; it takes another call.
        var urls = answer.Items is [var only] && (call.Format is null or OutputFormat.Kv) ? await ServiceUrls.OfAsync(call, only) : null;
        return call.Print.Items(answer, InstanceLayout.Instance(call.Shell.Time, urls), single: names.Length == 1, byDefault: OutputFormat.Kv);
    }

    private static Verb Start(Shell shell)
    {
        var names = Names.Argument(shell);
        var cold = new Option<bool>("--cold") { Description = "Boot, whatever could be restored; what a sleeping one had in memory is lost." };
        return new Verb("start", "Start stopped instances, or wake sleeping ones; they have 60 s to become ready, or --timeout.", "wisp instances start hello", "wisp instances start hello --timeout 2m") { names, cold }
            .Runs(shell, ownDeadline: true, run: call =>
            {
                var wait = ("timeout_s", (JsonNode?)Seconds(call.Timeout ?? TimeSpan.FromSeconds(StartPatienceSeconds)));
                return call.Get(cold) ? ChangeAsync(call, "start", call.Get(names), wait, ("cold", true)) : ChangeAsync(call, "start", call.Get(names), wait);
            });
    }

    private static Verb Suspend(Shell shell)
    {
        var names = Names.Argument(shell);
        var drain = StopCommand.DrainOption();
        return new Verb("suspend", "Put instances to sleep now; they keep their memory.", "wisp instances suspend hello", "wisp instances suspend hello --drain-timeout 5s") { names, drain }
            .Runs(shell, call => ChangeAsync(call, "suspend", call.Get(names), ("drain_timeout_ms", StopCommand.Milliseconds(call.Get(drain)))));
    }

    /// <summary>Asks for a change of state and prints what became of it.</summary>
    public static async Task<Result<int>> ChangeAsync(Invocation call, string verb, IReadOnlyList<string> names, params IReadOnlyList<(string, JsonNode?)> members) =>
        (await call.AskAsync(WireLists.Transitions, HttpMethod.Put, $"{Path}/{verb}", Reference.ToJson(names, members))).Failed(out var error, out var answer)
            ? error
            : call.Print.Items(answer, InstanceLayout.Transition, single: names.Count == 1, byDefault: OutputFormat.Table);

    /// <summary>Whole seconds, none of them lost.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Min(Math.Ceiling(time.TotalSeconds), 86_400);
}
