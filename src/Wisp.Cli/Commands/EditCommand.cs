using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands;

/// <summary><c>edit</c>: flags for what is changed often, <c>--set</c>, <c>--add</c> and <c>--del</c> for everything.</summary>
internal static class EditCommand
{
    private sealed record Flag(Option<string[]> Option, Operation Operation, string Field);

    private static readonly (string Option, string Help, string Field, Operation Operation, string Description)[] OfInstances =
    [
        ("--image", "IMAGE", "image", Operation.Set, "Another image."),
        ("--args", "WORD", "args", Operation.Set, "A word that it runs instead of the image's CMD; give it for each."),
        ("--env", "NAME=VALUE", "env", Operation.Add, "One more variable, or another value of it."),
        ("--memory", "SIZE", "resources.memory", Operation.Set, "Memory: 128MiB, 1GiB."),
        ("--vcpus", "N", "resources.vcpus", Operation.Set, "Virtual CPUs."),
        ("--sched-priority", "PRIORITY", "sched-priority", Operation.Set, "Share of the processors: normal, medium, high or admin."),
        ("--rom", "ROM", "roms", Operation.Add, "One more ROM: name=N,image=REF,at=PATH."),
        ("--plugin", "PLUGIN", "plugins", Operation.Add, "One more plugin: name=N,image=REF[,config=JSON]."),
        ("--annotation", "NAME=VALUE", "annotations", Operation.Add, "One more note, or another value of it."),
        ("--scale-to-zero", "POLICY", "scale-to-zero", Operation.Set, "When it sleeps: on, off, idle, or policy=on,cooldown-time=1000,stateful=true; what is not named stays."),
        ("--restart", "WHEN", "restart.policy", Operation.Set, "When it is started again by itself: always, on-failure or never."),
    ];

    private static readonly (string Option, string Help, string Field, Operation Operation, string Description)[] OfFrozen =
    [
        ("--tag", "TAG", "tags", Operation.Add, "One more label."),
        ("--remove-tag", "TAG", "tags", Operation.Del, "One label less."),
        ("--delete-lock", "on|off", "delete-lock", Operation.Set, "on: it cannot be deleted, until off."),
        ("--autokill", "TIME", "autokill", Operation.Set, "Delete it this long after its last use (an instance: after it stopped): 1h, or off."),
    ];

    private static readonly (string Option, string Help, string Field, Operation Operation, string Description)[] OfServices =
    [
        ("--service", "PORTS", "services", Operation.Add, "One more port: [HOST:]PORT:DEST[/handlers]."),
        ("--remove-service", "PORT", "services", Operation.Del, "One port less."),
        ("--domain", "NAME[,certificate=NAME]", "domains", Operation.Add, "One more domain, or another certificate of it."),
        ("--remove-domain", "NAME", "domains", Operation.Del, "One domain less."),
        ("--soft-limit", "N", "soft-limit", Operation.Set, "Requests at once before another instance is woken."),
        ("--hard-limit", "N", "hard-limit", Operation.Set, "Requests at once that an instance takes at most."),
        ("--autokill", "TIME", "autokill", Operation.Set, "Delete it this long after its last use: 5m, or off."),
    ];

    public static Verb Create(Shell shell, Resource resource, PropertySet properties)
    {
        var names = Names.Argument(shell, resource.Path);
        var words = resource.Singular switch
        {
            "service" => OfServices,
            "instance" => [.. OfFrozen, .. OfInstances],
            _ => OfFrozen,
        };
        Flag[] flags = [.. words.Select(word => new Flag(
            new Option<string[]>(word.Option, word.Option switch { "--env" => ["-e"], "--memory" => ["-m"], _ => [] }) { Description = word.Description, HelpName = word.Help, DefaultValueFactory = _ => [] },
            word.Operation, word.Field))];
        var writer = new WriterOptions(properties);
        var edit = new Verb("edit", $"Change {resource.Plural}.{(resource.Path == Resources.Instances.Path ? " What a machine is made with (image, args, env, memory, vcpus, hostname, scale-to-zero) waits for its next stop, if one runs or sleeps." : "")}", [.. Examples(resource)]) { names };
        foreach (var flag in flags)
        {
            edit.Add(flag.Option);
        }

        writer.AddTo(edit, makes: false);
        edit.Validators.Add(result =>
        {
            if (!writer.Given(result) && flags.All(flag => result.GetResult(flag.Option) is null or { Implicit: true }))
            {
                result.AddError($"Say what to change: {words[0].Option}, --set, --add, --del or another option.");
            }
        });
        return edit.Runs(shell, call => EditAsync(call, resource, properties, writer, call.Get(names), flags));
    }

    private static IEnumerable<string> Examples(Resource resource) => resource.Singular switch
    {
        "service" => [$"{resource.Command} edit web --service 443:8080/http+tls", $"{resource.Command} edit web --visual", $"{resource.Command} edit web --set hard-limit=20 --add domains=shop"],
        "instance" =>
        [
            $"{resource.Command} edit hello --delete-lock on", $"{resource.Command} edit hello -m 256MiB -e STAGE=live", $"{resource.Command} edit hello --set scale-to-zero.cooldown-time=5s --del env=DEBUG",
            $"{resource.Command} edit hello --add schedules=name=night,when=22:00,action=stop --dry-run", $"{resource.Command} edit hello --add volumes=data:/data", $"{resource.Command} edit hello --visual", $"{resource.Command} edit hello --cmd 'sed s/stage/live/' --dry-run",
        ],
        _ => [$"{resource.Command} edit hello --delete-lock on", $"{resource.Command} edit hello --autokill 1h --tag stage:live", $"{resource.Command} edit hello --set tags=a --set tags=b"],
    };

    /// <summary>The request for some changes.</summary>
    public static JsonArray Body(IReadOnlyList<string> names, IReadOnlyList<PropertyChange> changes) => new([.. changes.SelectMany(change => Reference.ToJson(
        names,
        [("id", change.Name), ("prop", change.Name), ("op", change.Operation), .. change.Value is null ? ((string, JsonNode?)[])[] : [("value", change.Value)]]).Select(item => item!.DeepClone()))]);

    /// <summary>Says what was changed of instances and is not so yet.</summary>
    public static Task SayWaitingAsync(Invocation call, Resource resource, IReadOnlyList<string> names, IReadOnlyList<PropertyChange> changes) =>
        resource.Path == Resources.Instances.Path ? Instances.WaitingChanges.SayAsync(call, names, changes) : Task.CompletedTask;

    private static async Task<Result<int>> EditAsync(Invocation call, Resource resource, PropertySet properties, WriterOptions writer, string[] names, Flag[] flags)
    {
        if (writer.Edits(call))
        {
            return flags.Any(flag => call.Has(flag.Option)) || !writer.Assignments(call).Failed(out _, out var others) && others.Count > 0
                ? new WispError(ErrorCode.NotBoth, "--visual and --cmd show all that can be changed; other options change it, too.", "Give either.")
                : await EditDocument.RunAsync(call, resource, properties, writer, names);
        }

        if (writer.Assignments(call).Failed(out var error, out var typed))
        {
            return error;
        }

        Assignment[] all = [.. flags.SelectMany(flag => (call.Get(flag.Option) ?? []).Select(value => new Assignment(flag.Operation, flag.Field, value))), .. typed];
        // Volumes are not a property: they come and go by calls of their own.
        var volumes = resource.Singular == "instance" ? all.Where(assignment => assignment.Name == "volumes").ToArray() : [];
        if (properties.Changes([.. all.Except(volumes)]).Failed(out error, out var changes))
        {
            return error;
        }

        var code = ExitCode.Ok;
        if (changes.Count > 0)
        {
            var body = Body(names, changes);
            if (!writer.ShowInstead(call, HttpMethod.Patch, resource.Path, body))
            {
                if ((await call.AskAsync(HttpMethod.Patch, resource.Path, body)).Failed(out error, out var answer))
                {
                    return error;
                }

                code = call.Print.Items(answer, Resources.Instances.Changed, byDefault: OutputFormat.Table);
                await SayWaitingAsync(call, resource, names, changes);
            }
        }

        foreach (var volume in volumes)
        {
            if ((await Volumes.AttachCommands.FromEditAsync(call, writer, names, volume)).Failed(out error, out var attached))
            {
                return error;
            }

            code = code == ExitCode.Ok ? attached : code;
        }

        return code;
    }
}
