using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Frozen;

/// <summary><c>wisp checkpoints</c>, which is <c>wisp instances checkpoint</c>, too.</summary>
internal static class CheckpointsCommand
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The command of the root.</summary>
    public static Verb Create(Shell shell)
    {
        var words = new FrozenWords("checkpoint", FrozenWords.CheckpointPath, "wisp checkpoints");
        var command = new Verb("checkpoints", "See and make checkpoints: moments of instances to come back to.", "wisp checkpoints create hello -n before", "wisp run --checkpoint before -p 8081:8080");
        AddTo(command, shell, words);
        return command.Alias("checkpoint");
    }

    /// <summary>The command of the instances: with a name it makes a checkpoint.</summary>
    public static Verb CreateBelowInstances(Shell shell)
    {
        var words = new FrozenWords("checkpoint", FrozenWords.CheckpointPath, "wisp instances checkpoint");
        var command = Make(
            shell, "checkpoint", "Make a checkpoint of an instance, or see those that there are.",
            ["wisp instances checkpoint hello", "wisp instances checkpoint hello -n before", "wisp instances checkpoint list"]);
        AddTo(command, shell, words);
        return command.Alias("checkpoints");
    }

    private static void AddTo(Verb command, Shell shell, FrozenWords words)
    {
        command.Add(FrozenCommands.List(shell, words));
        command.Add(FrozenCommands.Get(shell, words));
        command.Add(Wait(shell, words));
        command.Add(Make(
            shell, "create", "Make a checkpoint of an instance, which goes on as if nothing had been.",
            [$"{words.Command} create hello", $"{words.Command} create hello -n before --autokill 24h"]).Alias("new"));
        command.Add(EditCommand.Create(shell, words));
        command.Add(FrozenCommands.Delete(shell, words));
        command.Add(FrozenCommands.History(shell, words));
    }

    private static Verb Make(Shell shell, string verb, string description, IReadOnlyList<string> examples)
    {
        var instance = Names.Single(shell, "instance", InstancesCommand.Path, "Name or uuid of the instance.");
        var name = new Option<string>("-n", "--name") { Description = "Its name; made up when not given.", HelpName = "NAME" };
        var tags = new Option<string[]>("--tag") { Description = "A label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
        var autokill = EditCommand.AutokillOption("its last use");
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

            return (await call.AskAsync(WireLists.Transitions, HttpMethod.Post, FrozenWords.CheckpointPath, request)).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, FrozenLayout.Made, single: true, byDefault: OutputFormat.Table);
        });
    }

    private static Verb Wait(Shell shell, FrozenWords words)
    {
        var names = Names.Argument(shell, path: words.Path);
        return new Verb("wait", "Wait until checkpoints are made; --timeout says for how long.", $"{words.Command} wait before", $"{words.Command} wait before --timeout 30s") { names }
            .Runs(shell, async call =>
            {
                while (true)
                {
                    if ((await call.AskAsync(WireLists.Instances, HttpMethod.Get, words.Path, Reference.ToJson(call.Get(names)))).Failed(out var error, out var answer))
                    {
                        return error;
                    }

                    if (answer.Failures.Count > 0 || answer.Items.All(item => item.State == "checkpoint"))
                    {
                        return call.Print.Items(answer, FrozenLayout.For(shell.Time), single: call.Get(names).Length == 1, byDefault: OutputFormat.Table);
                    }

                    await Task.Delay(LookInterval, shell.Time, call.Cancellation);
                }
            });
    }
}
