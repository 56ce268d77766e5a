using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands;

/// <summary>What can be said of a new instance, and how that goes on the wire.</summary>
/// <param name="shell">Where it is typed.</param>
internal sealed class RunOptions(Shell shell)
{
    private readonly Option<string> _name = new("-n", "--name") { Description = "Its name; made up when not given.", HelpName = "NAME" };
    private readonly Option<long?> _memory = new("-m", "--memory") { Description = "Memory: 128MiB, 1GiB, or a number of MiB [128].", HelpName = "SIZE", CustomParser = Parsed.Optional(MemorySize.Parse) };
    private readonly Option<int?> _vcpus = new("--vcpus") { Description = "Virtual CPUs [1].", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
    private readonly Option<int?> _gpus = new("--gpus") { Description = "Graphics processors [0].", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
    private readonly Option<string> _type = new Option<string>("--type") { Description = "Kind of machine: micro or full [micro].", HelpName = "TYPE" }.Completes("micro", "full");
    private readonly Option<string> _hostname = new("--hostname") { Description = "What it calls itself [its name].", HelpName = "NAME" };
    private readonly Option<string> _imageOption = new("--image") { Description = "The image, where it is not the argument.", HelpName = "IMAGE" };
    private readonly Option<string> _pullPolicy = new Option<string>("--pull-policy") { Description = "When the image is fetched: always, never or if_not_present.", HelpName = "WHEN" }
        .Completes("always", "never", "if_not_present");
    private readonly Option<string[]> _argsOption = new("--args") { Description = "A word that it runs instead of the image's CMD; the same as after --.", HelpName = "WORD", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _env = new("-e", "--env") { Description = "A variable; without a value it is taken from here.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<IReadOnlyList<PublishSpec>> _publish = new("-p", "--publish")
    {
        Description = "A port: [HOST:]PORT:DEST[/http|/tcp|/udp]; HTTP on 127.0.0.1 unless it says otherwise.",
        HelpName = "PORTS", CustomParser = Parsed.Many(PublishSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _service = new("--service") { Description = "Join this service group instead of publishing ports.", HelpName = "NAME" };
    private readonly Option<string> _rollout = new Option<string>("--rollout", "--service-rollout")
    {
        Description = "What becomes of the instances that the service has: rolling starts the new ones first, replace stops and deletes the old ones first.", HelpName = "WAY",
        CustomParser = Parsed.One(RolloutWord.Parse),
    }.Completes(RolloutWord.All);
    private readonly Option<string[]> _domains = new("--domain") { Description = "A domain of the published ports; one that ends in a dot is complete.", HelpName = "NAME[,certificate=NAME]", DefaultValueFactory = _ => [] };
    private readonly Option<IReadOnlyList<VolumeSpec>> _volumes = new("-v", "--volume")
    {
        Description = "A volume: NAME:/PATH[:ro|size=10GiB].", HelpName = "VOLUME", CustomParser = Parsed.Many(VolumeSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<IReadOnlyList<JsonObject>> _roms = new("--rom")
    {
        Description = "Read-only data: name=N,image=REF,at=PATH, or dir=DIR for small files.", HelpName = "ROM", CustomParser = Parsed.Many(RomSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<IReadOnlyList<JsonObject>> _plugins = new("--plugin")
    {
        Description = "A plugin: name=N,image=REF[,config=JSON].", HelpName = "PLUGIN", CustomParser = Parsed.Many(PluginSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<IReadOnlyList<JsonObject>> _schedules = new("--schedule")
    {
        Description = "What is done by the calendar: name=night,when=22:00,action=stop.", HelpName = "SCHEDULE", CustomParser = Parsed.Many(ScheduleSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _annotations = new("--annotation") { Description = "A note that travels with it.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _features = new("--feature") { Description = "A feature, such as delete-on-stop.", HelpName = "FEATURE", DefaultValueFactory = _ => [] };
    private readonly Option<string> _priority = new Option<string>("--sched-priority") { Description = "Share of the processors: normal, medium, high or admin.", HelpName = "PRIORITY" }
        .Completes("normal", "medium", "high", "admin");
    private readonly Option<JsonObject> _scale = new("--scale-to-zero")
    {
        Description = "When it sleeps: on, off, idle, or policy=on,cooldown-time=1000,stateful=true [that with -p, else off].", HelpName = "POLICY", CustomParser = Parsed.One(ScaleToZeroSpec.Parse),
    };
    private readonly Option<string> _restart = new Option<string>("--restart") { Description = "When it is started again by itself: always, on-failure or never [never].", HelpName = "WHEN" }
        .Completes("always", "on-failure", "never");
    private readonly Option<string[]> _tags = new("--tag") { Description = "A label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
    private readonly Option<int?> _replicas = new("--replicas") { Description = "So many more of it, with names of their own [0].", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
    private readonly Option<JsonObject> _autokill = EditOptions.Autokill("it stopped");
    private readonly Option<bool> _remove = new("--rm") { Description = "Delete it when it stops." };
    private readonly Option<bool> _cold = new("--cold") { Description = "Boot it at each start, whatever could be restored instead." };
    private readonly Option<string> _template = Names.Option(shell, "--template", Resources.Instances.TemplatePath, "A template to begin from instead of an image.");
    private readonly Option<string> _checkpoint = Names.Option(shell, "--checkpoint", Resources.Instances.CheckpointPath, "A checkpoint to begin from instead of an image.");
    private readonly Option<string> _branch = Names.Option(shell, "--branch", Resources.Instances.Path, "An instance to begin from, as it is now, instead of an image.");
    private readonly Argument<string[]> _args = new("args") { Description = "After --: what it runs instead of the image's CMD.", Arity = ArgumentArity.ZeroOrMore };

    public Argument<string?> Image { get; } = new("image")
    {
        Description = "An image of the node, or a directory to build (./dir, /dir, or one with a Dockerfile).", Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The instance that 'branch' begins from.</summary>
    public Argument<string> Source { get; } = Names.Single(shell, "name", Resources.Instances.Path, "Name or uuid of the instance to begin from.");

    public Option<bool> NoStart { get; } = new("--no-start") { Description = "Make it and leave it stopped." };

    public Option<bool> Autostart { get; } = new("--autostart") { Description = "Start it; it has 60 s to become ready, or --timeout." };

    public Option<bool> Follow { get; } = new("--follow") { Description = "Print its console until it has stopped, and exit with its code; or until Ctrl+C." };

    /// <summary>Whatever the field.</summary>
    public WriterOptions Writer { get; } = new(InstanceProperties.Instance);

    /// <summary>What becomes of what the service has, where that was said.</summary>
    public string? RolloutOf(Invocation call) => call.Get(_rollout);

    /// <summary>Lets it all be said: of an instance that is started.</summary>
    public void AddTo(Verb command) => Add(command, [Image, _args], [.. Everything, _rollout, NoStart, Follow]);

    /// <summary>Lets it all be said: of an instance that is not started unless that is said, too.</summary>
    public void AddStoppedTo(Verb command) => Add(command, [Image, _args], [.. Everything, Autostart]);

    /// <summary>Lets be said what a branch does not have in common with its source.</summary>
    public void AddBranchTo(Verb command) => Add(
        command, [Source], [_name, _publish, _service, _domains, _scale, _restart, _tags, _annotations, _schedules, _replicas, _autokill, _remove, NoStart]);

    private Option[] Everything =>
    [
        _name, _imageOption, _pullPolicy, _template, _checkpoint, _branch, _type, _memory, _vcpus, _gpus, _argsOption, _env, _hostname, _publish, _service, _domains, _volumes, _roms, _plugins,
        _scale, _restart, _schedules, _tags, _annotations, _priority, _replicas, _autokill, _features, _remove, _cold,
    ];

    private void Add(Verb command, Argument[] arguments, Option[] options)
    {
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }

        command.GuestArguments = arguments.Contains(_args) ? _args : null;
        foreach (var option in options)
        {
            command.Add(option);
        }

        Writer.AddTo(command, makes: true);
    }

    /// <summary>What it begins from, in the API's words; null where a file or --set says it.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="branch">True for 'branch', whose argument is the source.</param>
    /// <param name="loaded">What a file says already.</param>
    public Result<Origin?> OriginOf(Invocation call, bool branch, JsonObject loaded)
    {
        Origin[] named = branch
            ? [new("branch_from", call.Get(Source))]
            : [.. new[] { ("template", call.Get(_template)), ("checkpoint", call.Get(_checkpoint)), ("branch_from", call.Get(_branch)) }
                .Where(origin => origin.Item2 is not null).Select(origin => new Origin(origin.Item1, origin.Item2!))];
        var image = branch ? null : call.Find(Image) ?? call.Get(_imageOption);
        return (named, image) switch
        {
            ([], null) => Origin.Members.Any(loaded.ContainsKey) || Writer.Assignments(call) is { IsSuccess: true, Value: var typed } && typed.Any(assignment => assignment.Name is "image" or "template" or "checkpoint" or "branch")
                ? (Origin?)null
                : new WispError(ErrorCode.IdentifierMissing, "There is nothing to make an instance of.", "Name an image or a directory, or give --template, --checkpoint or --branch."),
            ([], var given) => new Origin(Origin.Image, given),
            ([var only], null) => only,
            ([_], _) => new WispError(ErrorCode.NotBoth, $"An image ('{image}') and what is frozen exclude each other.", "Drop one of the two. What the guest runs cannot be another than it was."),
            _ => new WispError(ErrorCode.NotBoth, "--template, --checkpoint and --branch exclude each other.", "Give one of them."),
        };
    }

    /// <summary>The request of a command line.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="loaded">What a file says already.</param>
    /// <param name="origin">What it begins from, where that is no file's.</param>
    /// <param name="start">Whether it is started.</param>
    public Result<JsonObject> Request(Invocation call, JsonObject loaded, Origin? origin, bool start)
    {
        if (NamedValues.Parse(call.Get(_env) ?? [], call.Shell.Variable).Failed(out var error, out var env)
            || NamedValues.Parse(call.Get(_annotations) ?? [], _ => null).Failed(out error, out var annotations))
        {
            return error;
        }

        var ports = call.Get(_publish) ?? [];
        if (ports.Count > 0 && call.Get(_service) is not null)
        {
            return new WispError(ErrorCode.NotBoth, "--publish and --service exclude each other.", "Publish the ports when the group is made: wisp services create.");
        }

        var request = new JsonObject();
        void Say(string name, JsonNode? value, PropertyKind kind = PropertyKind.One)
        {
            if (value is not null)
            {
                JsonTree.Put(request, name, value, kind);
            }
        }

        if (origin is not null)
        {
            // It begins from one thing, whatever the file began from.
            foreach (var member in Origin.Members)
            {
                loaded.Remove(member);
            }

            Say(origin.Member, origin.Member == Origin.Image ? ImageValue(call, origin.Name) : Reference.ToJson(origin.Name));
        }

        var begins = start || (loaded["autostart"] is JsonValue given && given.TryGetValue<bool>(out var yes) && yes);
        Say("autostart", begins);
        foreach (var (name, value) in loaded.Where(member => member.Key != "autostart"))
        {
            Say(name, value?.DeepClone());
        }

        Say("name", call.Get(_name));
        Say("type", call.Get(_type));
        Say("memory_mb", call.Get(_memory));
        Say("vcpus", call.Get(_vcpus));
        Say("gpus", call.Get(_gpus));
        Say("args", List([.. call.Get(_argsOption) ?? [], .. call.Find(_args) ?? []]));
        Say("env", Map(env), PropertyKind.Map);
        Say("hostname", call.Get(_hostname));
        Say("tags", List(call.Get(_tags) ?? []));
        Say("annotations", Map(annotations), PropertyKind.Map);
        Say("restart_policy", call.Get(_restart));
        Say("sched_priority", call.Get(_priority));
        Say("replicas", call.Get(_replicas));
        Say("autokill", call.Get(_autokill)?.DeepClone());
        Say("schedules", Objects(call.Get(_schedules)));
        Say("volumes", Objects(call.Get(_volumes)?.Select(volume => volume.ToJson())));
        Say("roms", Objects(call.Get(_roms)));
        Say("plugins", Objects(call.Get(_plugins)));
        Say("features", List([.. call.Get(_features) ?? [], .. call.Get(_remove) ? (string[])["delete-on-stop"] : []]));
        Say("cold", call.Get(_cold) ? true : null);
        Say("scale_to_zero", (call.Get(_scale) ?? (ports.Count > 0 && !request.ContainsKey("scale_to_zero") ? ScaleToZeroSpec.OfPublished() : null))?.DeepClone());
        Say("service_group", call.Get(_service) is { } service ? Reference.ToJson(service) : ports.Count == 0 ? null : Group(ports, call.Get(_domains) ?? []));
        if (Writer.Put(call, request) is { } wrong)
        {
            return wrong;
        }

        // Who follows sees it start, and one that ends at once has not failed to.
        if ((bool?)request["autostart"] == true && (!call.Get(Follow) || call.Timeout is not null))
        {
            Say("timeout_s", Instances.InstancesCommand.Seconds(call.Timeout ?? TimeSpan.FromSeconds(Instances.InstancesCommand.StartPatienceSeconds)));
        }

        return request;
    }

    private JsonNode ImageValue(Invocation call, string image) =>
        call.Get(_pullPolicy) is { } policy ? new JsonObject { ["url"] = image, ["pull_policy"] = policy } : JsonValue.Create(image);

    private static JsonObject Group(IEnumerable<PublishSpec> ports, string[] domains)
    {
        var group = new JsonObject { ["services"] = new JsonArray([.. ports.Select(port => (JsonNode)port.ToJson())]) };
        if (domains.Length > 0)
        {
            group["domains"] = DomainSpec.ParseAll(domains);
        }

        return group;
    }

    private static JsonArray? List(string[] texts) => texts.Length == 0 ? null : new JsonArray([.. texts.Select(text => (JsonNode)text)]);

    private static JsonArray? Objects(IEnumerable<JsonObject>? objects) => objects is null ? null : new JsonArray([.. objects.Select(one => one.DeepClone())]);

    private static JsonObject? Map(IReadOnlyDictionary<string, string> values) =>
        values.Count == 0 ? null : new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
