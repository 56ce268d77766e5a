using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wait</c>.</summary>
internal static class WaitCommand
{
    private static readonly string[] States = ["running", "standby", "stopped", "starting", "draining", "stopping"];
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Of instances: for a state the server waits, which sees one that lasts a moment only; for anything else it is asked again and again.</summary>
    public static Verb Create(Shell shell, Resource resource, FieldSet transition)
    {
        var names = Names.Argument(shell, resource.Path);
        var until = UntilOption("state==standby, standby, or stop.exit-code==0");
        var state = new Option<string>("--state") { Description = "The same, shorter: the state to wait for; running when not given.", HelpName = "STATE" }.Completes(States);
        var interval = IntervalOption();
        return new Verb(
            "wait", "Wait until instances are in a state; --timeout says for how long.",
            "wisp instances wait hello", "wisp instances wait hello --state standby --timeout 30s", "wisp instances wait hello shop --until state==stopped",
            "wisp instances wait hello --until 'restart.start-count>=2' --interval 1s")
        {
            names, until, state, interval,
        }.Runs(shell, ownDeadline: true, run: call =>
        {
            var filter = call.Get(until) ?? new Filter("state", "==", call.Get(state) ?? "running");
            return filter is { Name: "state", Operator: "==" }
                ? WaitForStateAsync(call, call.Get(names), filter.Operand, transition)
                : PollAsync(call, resource, call.Get(names), filter, call.Get(interval) ?? UsualInterval, call.Timeout);
        });
    }

    /// <summary>Of anything else.</summary>
    /// <param name="shell">Where it is typed.</param>
    /// <param name="resource">What is waited for.</param>
    /// <param name="condition">What is waited for when nothing is said.</param>
    public static Verb CreatePolling(Shell shell, Resource resource, string condition)
    {
        var names = Names.Argument(shell, resource.Path);
        var until = UntilOption(condition);
        var interval = IntervalOption();
        var usual = Filter.Parse(condition).Value;
        return new Verb(
            "wait", $"Wait until something holds of {resource.Plural}, which is {condition} when nothing is said; --timeout says for how long.",
            $"{resource.Command} wait {resource.Example}", $"{resource.Command} wait {resource.Example} --timeout 30s", $"{resource.Command} wait {resource.Example} --until '{condition}' --interval 500ms")
        {
            names, until, interval,
        }.Runs(shell, ownDeadline: true, run: call => PollAsync(
            call, resource, call.Get(names), call.Get(until) ?? usual, call.Get(interval) ?? UsualInterval, call.Timeout));
    }

    /// <summary>As the API takes it; -1 is for ever.</summary>
    public static JsonNode Milliseconds(TimeSpan? timeout) => timeout is { } given ? (long)given.TotalMilliseconds : -1L;

    private static Task<Result<int>> WaitForStateAsync(Invocation call, string[] names, string state, FieldSet transition) => ResourceVerbs.ChangeAsync(
        call, HttpMethod.Get, Resources.Instances.Path + "/wait", names, transition, ("state", state), ("timeout_ms", Milliseconds(call.Timeout)));

    private static async Task<Result<int>> PollAsync(Invocation call, Resource resource, string[] names, Filter filter, TimeSpan interval, TimeSpan? timeout)
    {
        if (resource.Fields.Find(filter.Name).Failed(out var error, out var fields))
        {
            return error;
        }

        var begun = call.Shell.Time.GetTimestamp();
        while (true)
        {
            if ((await call.AskAsync(HttpMethod.Get, resource.Path, Reference.ToJson(names))).Failed(out error, out var answer))
            {
                return error;
            }

            if (answer.Failures.Count > 0 || answer.Items.All(item => filter.Holds(fields, item)))
            {
                return call.Print.Items(answer, resource.Fields, single: names.Length == 1, byDefault: OutputFormat.Table);
            }

            if (timeout is { } patience && call.Shell.Time.GetElapsedTime(begun) + interval > patience)
            {
                var late = answer.Items.First(item => !filter.Holds(fields, item));
                return new WispError(
                    ErrorCode.TimedOut, $"Of {resource.Singular} '{Listing.Text(late, "name")}', {filter.Name}{filter.Operator}{filter.Operand} does not hold after {Words.Span(patience)}.",
                    "Give it more with --timeout.");
            }

            await Task.Delay(interval, call.Shell.Time, call.Cancellation);
        }
    }

    private static Option<Filter> UntilOption(string examples) => new("--until")
    {
        Description = $"What to wait for, such as {examples}.", HelpName = "CONDITION", CustomParser = Parsed.One(WaitCondition.Parse),
    };

    private static Option<TimeSpan?> IntervalOption() => new("--interval") { Description = "How often to look, where looking is needed [500ms].", HelpName = "TIME", CustomParser = Parsed.Optional(Duration.Parse) };
}
