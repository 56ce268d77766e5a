using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances wait</c>.</summary>
internal static class WaitCommand
{
    private static readonly string[] States = ["running", "standby", "stopped", "starting", "draining", "stopping"];

    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell);
        var until = new Option<string>("--until") { Description = "What to wait for, such as state==standby or standby.", HelpName = "CONDITION", CustomParser = Parsed.One(WaitCondition.Parse) };
        var state = new Option<string>("--state") { Description = "The same, shorter: the state to wait for; running when not given.", HelpName = "STATE" }.Completes(States);
        return new Verb(
            "wait", "Wait until instances are in a state; --timeout says for how long.",
            "wisp instances wait hello", "wisp instances wait hello --state standby --timeout 30s", "wisp instances wait hello shop --until state==stopped")
        {
            names, until, state,
        }.Runs(shell, ownDeadline: true, run: call => WaitAsync(call, call.Get(names), call.Get(until) ?? call.Get(state) ?? "running"));
    }

    private static async Task<Result<int>> WaitAsync(Invocation call, IReadOnlyList<string> names, string state)
    {
        // The server waits, not this program: it sees a state that lasts a moment only.
        JsonNode deadline = call.Timeout is { } timeout ? (long)timeout.TotalMilliseconds : -1L;
        return (await call.AskAsync(
            WireLists.Transitions, HttpMethod.Get, InstancesCommand.Path + "/wait",
            Reference.ToJson(names, ("state", state), ("timeout_ms", deadline)))).Failed(out var error, out var answer)
            ? error
            : call.Print.Items(answer, InstanceLayout.Transition, single: names.Count == 1, byDefault: Output.OutputFormat.Table);
    }
}
