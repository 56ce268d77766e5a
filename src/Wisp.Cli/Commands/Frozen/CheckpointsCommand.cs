using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Frozen;

/// <summary><c>wisp checkpoints</c>, which is <c>wisp instances checkpoint</c>, too.</summary>
internal static class CheckpointsCommand
{
    /// <summary>The command of the root.</summary>
    public static Verb Create(Shell shell)
    {
        var command = new Verb("checkpoints", "See and make checkpoints: moments of instances to come back to.", "wisp checkpoints create hello -n before", "wisp run --checkpoint before -p 8081:8080");
        AddTo(command, shell, Resources.Instances.Checkpoint);
        return command.Alias("checkpoint");
    }

    /// <summary>The command of the instances: with a name it makes a checkpoint.</summary>
    public static Verb CreateBelowInstances(Shell shell)
    {
        var command = Make(
            shell, "checkpoint", "Make a checkpoint of an instance, or see those that there are.",
            ["wisp instances checkpoint hello", "wisp instances checkpoint hello -n before", "wisp instances checkpoint list"]);
        AddTo(command, shell, Resources.Instances.Checkpoint with { Command = "wisp instances checkpoint" });
        return command.Alias("checkpoints");
    }

    private static void AddTo(Verb command, Shell shell, Resource resource)
    {
        command.Add(ResourceVerbs.List(shell, resource));
        command.Add(ResourceVerbs.Get(shell, resource));
        command.Add(WaitCommand.CreatePolling(shell, resource, "state==checkpoint"));
        command.Add(Make(
            shell, "create", "Make a checkpoint of an instance, which goes on as if nothing had been.",
            [$"{resource.Command} create hello", $"{resource.Command} create hello -n before --autokill 24h"]).Alias("new"));
        command.Add(EditCommand.Create(shell, resource, InstanceProperties.Frozen));
        command.Add(DeleteVerb.Create(shell, resource, "Delete checkpoints; what was made from them stays.", Resources.Instances.Deleted));
        command.Add(HistoryCommand.Create(shell, resource));
    }

    private static Verb Make(Shell shell, string verb, string description, IReadOnlyList<string> examples)
    {
        var instance = Names.Single(shell, "instance", Resources.Instances.Path, "Name or uuid of the instance.");
        var name = new Option<string>("-n", "--name") { Description = "Its name; made up when not given.", HelpName = "NAME" };
        var tags = new Option<string[]>("--tag") { Description = "A label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
        var autokill = EditOptions.Autokill("its last use");
        return new Verb(verb, description, examples) { instance, name, tags, autokill }.Runs(shell, ownDeadline: true, run: async call =>
        {
            var request = new JsonObject
            {
                ["from"] = Reference.ToJson(call.Get(instance)),
                ["timeout_s"] = InstancesCommand.Seconds(call.Timeout ?? TimeSpan.FromSeconds(InstancesCommand.StartPatienceSeconds)),
            };
            if (call.Get(name) is { } given)
            {
                request["name"] = given;
            }

            if (call.Get(tags) is { Length: > 0 } labels)
            {
                request["tags"] = new JsonArray([.. labels.Select(tag => (JsonNode)tag)]);
            }

            if (call.Get(autokill) is { } lifetime)
            {
                request["autokill"] = lifetime.DeepClone();
            }

            return (await call.AskAsync(HttpMethod.Post, Resources.Instances.CheckpointPath, request)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Resources.Instances.Made, single: true, byDefault: OutputFormat.Table);
        });
    }
}
