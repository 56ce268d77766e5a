using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Frozen;

/// <summary>Changes of what needs no stop: labels, delete lock, autokill.</summary>
internal static class EditCommand
{
    public static Verb Create(Shell shell, FrozenWords words)
    {
        var names = Names.Argument(shell, path: words.Path);
        var tags = new Option<string[]>("--tag") { Description = "One more label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
        var without = new Option<string[]>("--remove-tag") { Description = "One label less.", HelpName = "TAG", DefaultValueFactory = _ => [] };
        var locked = new Option<string>("--delete-lock") { Description = "on: it cannot be deleted, until off.", HelpName = "on|off", CustomParser = Parsed.One(OnOff.Parse) }.Completes(OnOff.On, OnOff.Off);
        var autokill = AutokillOption(words.Singular == "instance" ? "it stopped" : "its last use");
        var edit = new Verb(
            "edit", $"Change labels, delete lock or autokill of {words.Plural}.",
            $"{words.Command} edit hello --delete-lock on", $"{words.Command} edit hello --autokill 1h --tag stage:live")
        {
            names, tags, without, locked, autokill,
        };
        edit.Validators.Add(result =>
        {
            if (((Option[])[tags, without, locked, autokill]).All(option => result.GetResult(option) is null or { Implicit: true }))
            {
                result.AddError("Say what to change: --tag, --remove-tag, --delete-lock or --autokill.");
            }
        });
        return edit.Runs(shell, async call =>
        {
            var changes = new List<(string Property, string Operation, JsonNode Value)>();
            if (call.Get(tags) is { Length: > 0 } more)
            {
                changes.Add(("tags", "add", new JsonArray([.. more.Select(tag => (JsonNode)tag)])));
            }

            if (call.Get(without) is { Length: > 0 } fewer)
            {
                changes.Add(("tags", "del", new JsonArray([.. fewer.Select(tag => (JsonNode)tag)])));
            }

            if (call.Get(locked) is { } protect)
            {
                changes.Add(("delete_lock", "set", protect == OnOff.On));
            }

            if (call.Get(autokill) is { } lifetime)
            {
                changes.Add(("autokill", "set", lifetime.DeepClone()));
            }

            var items = changes.SelectMany(change => Reference.ToJson(
                call.Get(names), ("id", change.Property), ("prop", change.Property), ("op", change.Operation), ("value", change.Value)).Select(item => item!.DeepClone()));
            return (await call.AskAsync(WireLists.Changes, HttpMethod.Patch, words.Path, new JsonArray([.. items]))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.Changed, byDefault: OutputFormat.Table);
        });
    }

    /// <summary>When something is deleted by itself.</summary>
    /// <param name="since">What the time counts from.</param>
    public static Option<JsonObject> AutokillOption(string since) => new("--autokill")
    {
        Description = $"Delete it this long after {since}: 1h, or off.", HelpName = "TIME", CustomParser = Parsed.One(AutokillSpec.Parse),
    };
}
