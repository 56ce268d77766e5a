using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands;

// How it goes on the wire.
internal sealed partial class RunOptions
{
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
