using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp schedules</c>: what is done with instances by the calendar.</summary>
internal static class SchedulesCommand
{
    private const string Path = Resources.Instances.Path;

    private static readonly FieldSet Fields = new(
        "name",
        new("instance", "instance") { Listed = true }, new("metro", "metro"), new("name", "name") { Listed = true }, new("when", "when") { Listed = true, Long = true },
        new("action", "action") { Listed = true }, new("next-at", "next_at", FieldKind.Moment) { Listed = true, Title = "next" }) { None = new("schedules", "wisp schedules create INSTANCE NAME --when 22:00 --action stop") };

    public static Verb Create(Shell shell) => new Verb(
        "schedules", "See and change what is done with instances by the calendar: start, stop, delete, checkpoint.",
        "wisp schedules list", "wisp schedules create hello night --when 22:00 --action stop")
    {
        List(shell), Add(shell), Remove(shell),
    }.Alias("schedule");

    private static Verb List(Shell shell)
    {
        var names = Names.Argument(shell, Path, required: false);
        var view = new ViewOptions(Fields);
        var list = new Verb("list", "List the schedules of instances, or of all.", "wisp schedules list", "wisp schedules list hello -o json") { names };
        view.AddTo(list);
        return list.Alias("ls").Runs(shell, call => view.ShowAsync(call, async _ =>
            (await call.AskAsync(HttpMethod.Get, Path, call.Get(names) is { Length: > 0 } some ? Reference.ToJson(some) : null)).Failed(out var error, out var answer)
                ? error
                : answer with { Items = [.. answer.Items.SelectMany(Schedules)] }));
    }

    private static Verb Add(Shell shell)
    {
        var instance = Names.Single(shell, "instance", Path, "Name or uuid of the instance.");
        var name = new Argument<string>("name") { Description = "Name of the schedule; one of that name is replaced." };
        var when = new Option<string>("--when") { Description = "A calendar event in systemd's words, in UTC unless it names a zone: 22:00, Mon..Fri 08:00, hourly.", HelpName = "EVENT", Required = true };
        var action = new Option<string>("--action") { Description = "start, stop, delete or checkpoint.", HelpName = "ACTION", Required = true }.Completes("start", "stop", "delete", "checkpoint");
        return new Verb(
            "create", "Have something done with an instance by the calendar.",
            "wisp schedules create hello night --when 22:00 --action stop", "wisp schedules create hello morning --when 'Mon..Fri 08:00 Europe/Berlin' --action start")
        {
            instance, name, when, action,
        }.Alias("new", "add").Runs(shell, call => ChangeAsync(
            call, call.Get(instance), "add", new JsonArray(new JsonObject { ["name"] = call.Get(name), ["when"] = call.Get(when), ["action"] = call.Get(action) })));
    }

    private static Verb Remove(Shell shell)
    {
        var instance = Names.Single(shell, "instance", Path, "Name or uuid of the instance.");
        var names = new Argument<string[]>("name") { Description = "Names of the schedules.", Arity = ArgumentArity.OneOrMore };
        return new Verb("delete", "Take schedules away from an instance.", "wisp schedules delete hello night", "wisp schedules rm hello night morning") { instance, names }
            .Alias("rm", "remove")
            .Runs(shell, call => ChangeAsync(call, call.Get(instance), "del", new JsonArray([.. call.Get(names).Select(name => (JsonNode)name)])));
    }

    private static Task<Result<int>> ChangeAsync(Invocation call, string instance, string operation, JsonNode value) => ResourceVerbs.ChangeAsync(
        call, HttpMethod.Patch, Path, [instance], Resources.Instances.Changed, ("id", "schedules"), ("prop", "schedules"), ("op", operation), ("value", value));

    private static IEnumerable<JsonObject> Schedules(JsonObject instance) => (instance["schedules"] as JsonArray ?? []).OfType<JsonObject>().Select(schedule =>
    {
        var item = (JsonObject)schedule.DeepClone();
        item["instance"] = Listing.Text(instance, "name");
        item["metro"] = Listing.Text(instance, "metro");
        return item;
    });
}
