using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands;

/// <summary>What can be said of a new instance, and how that goes on the wire.</summary>
/// <param name="shell">Where it is typed.</param>
internal sealed partial class RunOptions(Shell shell)
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
        Description = "When it sleeps: on, off, idle, or policy=on,cooldown-time=1000,stateful=true [that with -p, else off]; without stateful=true each wake starts it anew.", HelpName = "POLICY", CustomParser = Parsed.One(ScaleToZeroSpec.Parse),
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
}
