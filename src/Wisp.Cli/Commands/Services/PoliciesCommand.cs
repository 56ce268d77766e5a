using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services autoscale policies</c>.</summary>
internal static class PoliciesCommand
{
    public static Verb Create(Shell shell) => new Verb(
        "policies", "See and change the rules by which a service grows and shrinks.",
        "wisp services autoscale policies list web", "wisp services autoscale policies add web busy --metric cpu --step :200/-1 --step 600:/2")
    {
        List(shell), Add(shell), Remove(shell),
    }.Alias("policy");

    private static Verb List(Shell shell)
    {
        var service = Service(shell);
        var view = new ViewOptions(Autoscale.Policies);
        var list = new Verb("list", "List the policies of a service.", "wisp services autoscale policies list web", "wisp services autoscale policies list web -o json") { service };
        view.AddTo(list);
        return list.Alias("ls", "get").Runs(shell, call => view.ShowAsync(call, _ => AskAsync(call, HttpMethod.Get, call.Get(service), null)));
    }

    private static Verb Add(Shell shell)
    {
        var service = Service(shell);
        var name = new Argument<string>("name") { Description = "Its name." };
        var type = new Option<string>("--type") { Description = "step, on_demand, create or idle [step].", HelpName = "TYPE" }.Completes("step", "on_demand", "create", "idle");
        var metric = new Option<string>("--metric") { Description = "Of step: cpu (thousandths), inflight_reqs or reqs_per_sec [cpu].", HelpName = "METRIC" }.Completes("cpu", "inflight_reqs", "reqs_per_sec");
        var adjustment = new Option<string>("--adjustment") { Description = "Of step: change, exact or percentage [change].", HelpName = "HOW" }.Completes("change", "exact", "percentage");
        var steps = new Option<IReadOnlyList<JsonObject>>("--step")
        {
            Description = "Of step: FROM:TO/CHANGE, at most four.", HelpName = "STEP", Arity = ArgumentArity.OneOrMore, CustomParser = Parsed.Many(StepSpec.Parse),
        };
        var requests = new Option<int?>("--requests") { Description = "Of create: an instance that has served so many gets a companion.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        var replace = new Option<bool>("--replace") { Description = "Of create: the companion takes its place." };
        var idle = new Option<TimeSpan?>("--idle-time") { Description = "Of idle: an instance that has had nothing to do for so long goes.", HelpName = "TIME", CustomParser = Parsed.Optional(Duration.Parse) };
        return new Verb(
            "add", "Add a policy.",
            "wisp services autoscale policies add web more --type on_demand", "wisp services autoscale policies add web less --type idle --idle-time 30s",
            "wisp services autoscale policies add web busy --metric cpu --step :200/-1 --step 200:600/0 --step 600:/2")
        {
            service, name, type, metric, adjustment, steps, requests, replace, idle,
        }.Alias("create", "new").Runs(shell, async call =>
        {
            (string Name, JsonNode? Value)[] members =
                [
                    ("name", call.Get(name)), ("type", call.Get(type) ?? "step"), ("metric", call.Get(metric)), ("adjustment_type", call.Get(adjustment)),
                    ("steps", call.Get(steps) is { Count: > 0 } given ? new JsonArray([.. given.Select(step => step.DeepClone())]) : null), ("num_requests", call.Get(requests)),
                    ("replace", call.Get(replace) ? JsonValue.Create(true) : null), ("idle_time_ms", call.Get(idle) is { } time ? JsonValue.Create((long)time.TotalMilliseconds) : null),
                ];
            var policy = new JsonObject(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));
            return Print(call, await AskAsync(call, HttpMethod.Post, call.Get(service), policy));
        });
    }

    private static Verb Remove(Shell shell)
    {
        var service = Service(shell);
        var names = new Argument<string[]>("name") { Description = "Names of the policies.", Arity = ArgumentArity.OneOrMore };
        return new Verb("delete", "Remove policies.", "wisp services autoscale policies delete web busy") { service, names }.Alias("rm", "remove").Runs(shell, async call => Print(
            call, await AskAsync(call, HttpMethod.Delete, call.Get(service), new JsonArray([.. call.Get(names).Select(name => (JsonNode)new JsonObject { ["name"] = name })]))));
    }

    private static Argument<string> Service(Shell shell) => Names.Single(shell, "service", Resources.Services.Path, "Name or uuid of the service group.");

    private static Result<int> Print(Invocation call, Result<Listing> asked) =>
        asked.Failed(out var error, out var answer) ? error : call.Print.Items(answer, Autoscale.Changed, single: false, byDefault: OutputFormat.Table);

    // Policies are below their group's uuid.
    private static async Task<Result<Listing>> AskAsync(Invocation call, HttpMethod method, string service, JsonNode? body)
    {
        if ((await call.RouteAsync()).Failed(out var error, out var router))
        {
            return error;
        }

        var (client, reference) = await router.FindAsync(Resources.Services.Path, service, call.Cancellation);
        if ((await client.ListAsync(HttpMethod.Get, Resources.Services.Path, new JsonArray(reference), call.Cancellation)).Failed(out error, out var found))
        {
            return error;
        }

        return found.Items is [var group, ..]
            ? await client.ListAsync(method, $"{Resources.Services.Path}/{Listing.Text(group, "uuid")}/autoscale/policies", body, call.Cancellation)
            : found;
    }
}
