using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Frozen;

/// <summary><c>wisp templates</c>, which is <c>wisp instances template</c>, too.</summary>
internal static class TemplatesCommand
{
    /// <summary>The command of the root.</summary>
    public static Verb Create(Shell shell)
    {
        var command = new Verb("templates", "See and make templates: frozen instances that others are cloned from.", "wisp templates create hello", "wisp instances create --template hello --replicas 100 --autostart");
        AddTo(command, shell, Resources.Instances.Template);
        return command.Alias("template");
    }

    /// <summary>The command of the instances: with a name it makes a template.</summary>
    public static Verb CreateBelowInstances(Shell shell)
    {
        var command = Make(
            shell, "template", "Make templates of instances, or see those that there are.",
            ["wisp instances template hello", "wisp instances template list"]);
        AddTo(command, shell, Resources.Instances.Template with { Command = "wisp instances template" });
        return command.Alias("templates");
    }

    private static void AddTo(Verb command, Shell shell, Resource resource)
    {
        command.Add(ResourceVerbs.List(shell, resource));
        command.Add(ResourceVerbs.Get(shell, resource));
        command.Add(Make(
            shell, "create", "Make templates of instances: they keep name and uuid, leave their service group, and are instances no more.",
            [$"{resource.Command} create hello", $"{resource.Command} create hello --autokill 1h"]).Alias("new"));
        command.Add(EditCommand.Create(shell, resource, InstanceProperties.Frozen));
        command.Add(DeleteVerb.Create(shell, resource, "Delete templates; what was made from them stays.", Resources.Instances.Deleted));
    }

    private static Verb Make(Shell shell, string verb, string description, IReadOnlyList<string> examples)
    {
        var names = Names.Argument(shell, Resources.Instances.Path);
        var autokill = EditOptions.Autokill("its last clone");
        return new Verb(verb, description, examples) { names, autokill }.Runs(shell, ownDeadline: true, run: async call =>
        {
            var members = new List<(string, JsonNode?)> { ("timeout_s", InstancesCommand.Seconds(call.Timeout ?? TimeSpan.FromSeconds(InstancesCommand.StartPatienceSeconds))) };
            if (call.Get(autokill) is { } lifetime)
            {
                members.Add(("autokill", lifetime));
            }

            return (await call.AskAsync(HttpMethod.Post, Resources.Instances.TemplatePath, Reference.ToJson(call.Get(names), members))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Resources.Instances.Made, single: call.Get(names).Length == 1, byDefault: OutputFormat.Table);
        });
    }
}
