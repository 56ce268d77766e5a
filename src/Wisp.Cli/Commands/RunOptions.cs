using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands;

/// <summary>What can be said of a new instance, and how that goes on the wire.</summary>
internal sealed class RunOptions
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
    private readonly Argument<string[]> _args = new("args") { Description = "After --: what it runs instead of the image's CMD.", Arity = ArgumentArity.ZeroOrMore };

    public Argument<string> Image { get; } = new("image") { Description = "An image of the node, or a directory to build (./dir, /dir, or one with a Dockerfile)." };

    public Option<bool> NoStart { get; } = new("--no-start") { Description = "Make it and leave it stopped." };

    public Option<bool> Follow { get; } = new("--follow") { Description = "Print its console until it has stopped, and exit with its code; or until Ctrl+C." };

    public void AddTo(Verb command)
    {
        command.Add(Image);
        command.Add(_args);
        command.GuestArguments = _args;
        foreach (var option in (Option[])[_name, _memory, _vcpus, _env, _publish, _service, _domains, _scale, _restart, _tags, NoStart, Follow])
        {
            command.Add(option);
        }
    }

    /// <summary>The request of a command line.</summary>
    public Result<JsonObject> Request(Invocation call, string image)
    {
        if (NamedValues.Parse(call.Get(_env)!, call.Shell.Variable).Failed(out var error, out var env))
        {
            return error;
        }

        var ports = call.Get(_publish) ?? [];
        if (ports.Count > 0 && call.Get(_service) is not null)
        {
            return new WispError(ErrorCode.NotBoth, "--publish and --service exclude each other.", "Publish the ports when the group is made: wisp services create.");
        }

        var request = new JsonObject { ["image"] = image, ["autostart"] = !call.Get(NoStart) };
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
        Say("args", List(call.Get(_args)));
        Say("env", env.Count == 0 ? null : new JsonObject(env.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));
        Say("tags", List(call.Get(_tags)!));
        Say("restart_policy", call.Get(_restart));
        Say("scale_to_zero", (call.Get(_scale) ?? (ports.Count > 0 ? ScaleToZeroSpec.OfPublished() : null))?.DeepClone());
        Say("service_group", call.Get(_service) is { } service ? Reference.ToJson(service) : ports.Count == 0 ? null : Group(ports, call.Get(_domains)!));
        // Who follows sees it start, and one that ends at once has not failed to.
        if (!call.Get(NoStart) && (!call.Get(Follow) || call.Timeout is not null))
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
