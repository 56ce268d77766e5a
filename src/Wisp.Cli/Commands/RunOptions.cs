using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Frozen;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands;

/// <summary>What can be said of a new instance, and how that goes on the wire.</summary>
/// <param name="shell">Where it is typed.</param>
internal sealed class RunOptions(Shell shell)
{
    private readonly Option<string> _name = new("-n", "--name") { Description = "Its name; made up when not given.", HelpName = "NAME" };
    private readonly Option<long?> _memory = new("-m", "--memory") { Description = "Memory: 128MiB, 1GiB, or a number of MiB [128].", HelpName = "SIZE", CustomParser = Parsed.Optional(MemorySize.Parse) };
    private readonly Option<int?> _vcpus = new("--vcpus") { Description = "Virtual CPUs [1].", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
    private readonly Option<string[]> _env = new("-e", "--env") { Description = "A variable; without a value it is taken from here.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<IReadOnlyList<PublishSpec>> _publish = new("-p", "--publish")
    {
        Description = "A port: [HOST:]PORT:DEST[/http|/tcp]; HTTP on 127.0.0.1 unless it says otherwise.",
        HelpName = "PORTS", CustomParser = Parsed.Many(PublishSpec.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _service = new("--service") { Description = "Join this service group instead of publishing ports.", HelpName = "NAME" };
    private readonly Option<string[]> _domains = new("--domain") { Description = "A domain of the published ports.", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private readonly Option<JsonObject> _scale = new("--scale-to-zero")
    {
        Description = "When it sleeps: on, off, idle, or policy=on,cooldown-time=1000,stateful=true [that with -p, else off].", HelpName = "POLICY", CustomParser = Parsed.One(ScaleToZeroSpec.Parse),
    };
    private readonly Option<string> _restart = new Option<string>("--restart") { Description = "When it is started again by itself: always, on-failure or never [never].", HelpName = "WHEN" }
        .Completes("always", "on-failure", "never");
    private readonly Option<string[]> _tags = new("--tag") { Description = "A label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
    private readonly Option<int?> _replicas = new("--replicas") { Description = "So many more of it, with names of their own [0].", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
    private readonly Option<JsonObject> _autokill = EditCommand.AutokillOption("it stopped");
    private readonly Option<bool> _remove = new("--rm") { Description = "Delete it when it stops." };
    private readonly Option<bool> _cold = new("--cold") { Description = "Boot it at each start, whatever could be restored instead." };
    private readonly Option<string> _template = Names.Option(shell, "--template", FrozenWords.TemplatePath, "A template to begin from instead of an image.");
    private readonly Option<string> _checkpoint = Names.Option(shell, "--checkpoint", FrozenWords.CheckpointPath, "A checkpoint to begin from instead of an image.");
    private readonly Option<string> _branch = Names.Option(shell, "--branch", InstancesCommand.Path, "An instance to begin from, as it is now, instead of an image.");
    private readonly Argument<string[]> _args = new("args") { Description = "After --: what it runs instead of the image's CMD.", Arity = ArgumentArity.ZeroOrMore };

    public Argument<string?> Image { get; } = new("image")
    {
        Description = "An image of the node, or a directory to build (./dir, /dir, or one with a Dockerfile).", Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The instance that 'branch' begins from.</summary>
    public Argument<string> Source { get; } = Names.Single(shell, "name", InstancesCommand.Path, "Name or uuid of the instance to begin from.");

    public Option<bool> NoStart { get; } = new("--no-start") { Description = "Make it and leave it stopped." };

    public Option<bool> Autostart { get; } = new("--autostart") { Description = "Start it; it has 60 s to become ready, or --timeout." };

    public Option<bool> Follow { get; } = new("--follow") { Description = "Print its console until it has stopped, and exit with its code; or until Ctrl+C." };

    /// <summary>Lets it all be said: of an instance that is started.</summary>
    public void AddTo(Verb command) => Add(command, [Image, _args], [.. Everything, NoStart, Follow]);

    /// <summary>Lets it all be said: of an instance that is not started unless that is said, too.</summary>
    public void AddStoppedTo(Verb command) => Add(command, [Image, _args], [.. Everything, Autostart]);

    /// <summary>Lets be said what a branch does not have in common with its source.</summary>
    public void AddBranchTo(Verb command) => Add(command, [Source], [_name, _publish, _service, _domains, _scale, _restart, _tags, _replicas, _autokill, _remove, NoStart]);

    private Option[] Everything =>
    [
        _name, _template, _checkpoint, _branch, _memory, _vcpus, _env, _publish, _service, _domains, _scale, _restart, _tags, _replicas, _autokill, _remove, _cold,
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
    }

    /// <summary>What it begins from that is no image, in the API's words; null when it is one.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="branch">True for 'branch', whose argument is the source.</param>
    public Result<(string Member, string Name)?> Origin(Invocation call, bool branch)
    {
        (string Member, string? Name)[] given = branch
            ? [("branch_from", call.Get(Source))]
            : [("template", call.Get(_template)), ("checkpoint", call.Get(_checkpoint)), ("branch_from", call.Get(_branch))];
        var named = given.Where(origin => origin.Name is not null).ToArray();
        var image = branch ? null : call.Find(Image);
        return (named, image) switch
        {
            ([], null) => new WispError(ErrorCode.IdentifierMissing, "There is nothing to make an instance of.", "Name an image or a directory, or give --template, --checkpoint or --branch."),
            ([], _) => ((string, string)?)null,
            ([{ Name: { } only } origin], null) => (origin.Member, only),
            ([_], _) => new WispError(ErrorCode.NotBoth, $"An image ('{image}') and what is frozen exclude each other.", "Drop one of the two. What the guest runs cannot be another than it was."),
            _ => new WispError(ErrorCode.NotBoth, "--template, --checkpoint and --branch exclude each other.", "Give one of them."),
        };
    }

    /// <summary>The request of a command line.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="begin">What it begins from: a member of the request and its value.</param>
    /// <param name="start">Whether it is started.</param>
    public Result<JsonObject> Request(Invocation call, (string Member, JsonNode Value) begin, bool start)
    {
        if (NamedValues.Parse(call.Get(_env) ?? [], call.Shell.Variable).Failed(out var error, out var env))
        {
            return error;
        }

        var ports = call.Get(_publish) ?? [];
        if (ports.Count > 0 && call.Get(_service) is not null)
        {
            return new WispError(ErrorCode.NotBoth, "--publish and --service exclude each other.", "Publish the ports when the group is made: wisp services create.");
        }

        var request = new JsonObject { [begin.Member] = begin.Value, ["autostart"] = start };
        void Say(string name, JsonNode? value)
        {
            if (value is not null)
            {
                request[name] = value;
            }
        }

        Say("name", call.Get(_name));
        Say("memory_mb", call.Get(_memory));
        Say("vcpus", call.Get(_vcpus));
        Say("args", List(call.Find(_args) ?? []));
        Say("env", env.Count == 0 ? null : new JsonObject(env.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));
        Say("tags", List(call.Get(_tags) ?? []));
        Say("restart_policy", call.Get(_restart));
        Say("replicas", call.Get(_replicas));
        Say("autokill", call.Get(_autokill)?.DeepClone());
        Say("features", call.Get(_remove) ? new JsonArray("delete-on-stop") : null);
        Say("cold", call.Get(_cold) ? true : null);
        Say("scale_to_zero", (call.Get(_scale) ?? (ports.Count > 0 ? ScaleToZeroSpec.OfPublished() : null))?.DeepClone());
        Say("service_group", call.Get(_service) is { } service ? Reference.ToJson(service) : ports.Count == 0 ? null : Group(ports, call.Get(_domains) ?? []));
        // Who follows sees it start, and one that ends at once has not failed to.
        if (start && (!call.Get(Follow) || call.Timeout is not null))
        {
            Say("timeout_s", InstancesCommand.Seconds(call.Timeout ?? TimeSpan.FromSeconds(InstancesCommand.StartPatienceSeconds)));
        }

        return request;
    }

    private static JsonObject Group(IEnumerable<PublishSpec> ports, string[] domains)
    {
        var group = new JsonObject { ["services"] = new JsonArray([.. ports.Select(port => (JsonNode)port.ToJson())]) };
        if (domains.Length > 0)
        {
            group["domains"] = new JsonArray([.. domains.Select(domain => (JsonNode)new JsonObject { ["name"] = domain })]);
        }

        return group;
    }

    private static JsonArray? List(string[] texts) => texts.Length == 0 ? null : new JsonArray([.. texts.Select(text => (JsonNode)text)]);
}
