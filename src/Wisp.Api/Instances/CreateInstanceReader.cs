using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Api.Schedules;
using Wisp.Api.Services;
using Wisp.Platform;
using Wisp.Platform.Instances;
using Wisp.Platform.Services;

namespace Wisp.Api.Instances;

/// <summary>Reads the body of a create. Shape only: what the values mean is the platform's to judge.</summary>
internal static class CreateInstanceReader
{
    // Members of the platform API that this server does not carry out yet: refused by name rather than ignored.
    private static readonly string[] NotSupported =
    [
        "volumes", "roms", "plugins", "gateway",
        "nameserver", "network_interfaces", "min_memory_mb", "max_memory_mb", "boot_memory_mb", "min_vcpus", "max_vcpus",
        "boot_vcpus", "vscaling", "vsock",
    ];

    public static Result<CreateInstance> Read(JsonObjectReader body)
    {
        foreach (var name in NotSupported)
        {
            if (body.Any(name) is { } given && !IsEmpty(given))
            {
                return new WispError(ErrorCode.NotSupported, $"'{name}' is not supported.", "Leave it out.");
            }
        }

        if (body.Integer("gpus") is > 0 || body.String("type") is not (null or "micro"))
        {
            return new WispError(ErrorCode.NotSupported, "Only instances of the type 'micro' without GPUs are supported.");
        }

        var (features, deleteOnStop) = (body.Strings("features") ?? [], false);
        var scaleByFeature = false;
        foreach (var feature in features)
        {
            switch (feature)
            {
                case "delete-on-stop": deleteOnStop = true; break;
                case "scale-to-zero": scaleByFeature = true; break;
                default: return new WispError(ErrorCode.InvalidValue, $"'{feature}' is not a valid flag for 'features'");
            }
        }

        if (ReadRestartPolicy(body.String("restart_policy")).Failed(out var error, out var restart)
            || ReadScaleToZero(body.Object("scale_to_zero"), scaleByFeature).Failed(out error, out var scale)
            || ReadGroup(body.Object("service_group")).Failed(out error, out var group)
            || OriginReader.Template(body.Object("template")).Failed(out error, out var template)
            || OriginReader.Reference(body, "checkpoint").Failed(out error, out var checkpoint)
            || OriginReader.Reference(body, "branch_from").Failed(out error, out var branch)
            || OriginReader.Autokill(body.Object("autokill")).Failed(out error, out var autokill)
            || ScheduleReader.Read(body).Failed(out error, out var schedules)
            || OrderReader.Dependencies(body).Failed(out error, out var dependencies)
            || OrderReader.Priority(body).Failed(out error, out var priority))
        {
            return error;
        }

        var request = new CreateInstance
        {
            Name = body.String("name"),
            Image = ReadImage(body),
            Template = template.Existing,
            OnDemand = template.Wanted,
            Checkpoint = checkpoint,
            BranchFrom = branch,
            Autokill = autokill,
            Schedules = schedules,
            Dependencies = dependencies,
            Priority = priority,
            // Wisp's own member.
            Cold = body.Boolean("cold") ?? false,
            Args = body.Strings("args"),
            Env = body.Map("env"),
            MemoryMb = body.Integer("memory_mb"),
            Vcpus = body.Integer("vcpus"),
            ServiceGroup = group.Existing,
            NewServiceGroup = group.New,
            Autostart = body.Boolean("autostart") ?? false,
            Replicas = body.Integer("replicas") ?? 0,
            RestartPolicy = restart,
            ScaleToZero = scale,
            TimeoutS = body.Integer("timeout_s") ?? Seconds(body.Integer("wait_timeout_ms")),
            DeleteOnStop = deleteOnStop,
            Tags = body.Strings("tags"),
            Annotations = body.Map("annotations"),
            Hostname = body.String("hostname"),
        };
        body.End();
        return request;
    }

    private static string? ReadImage(JsonObjectReader body) => body.Any("image") is { } image ? ReadImage(image) : null;

    /// <summary>Reads an image: a reference, or an object that has it.</summary>
    public static string? ReadImage(System.Text.Json.JsonElement image)
    {
        if (image.ValueKind == System.Text.Json.JsonValueKind.String)
        {
            return image.GetString();
        }

        var specification = new JsonObjectReader(image, "image");
        var url = specification.String("url");
        if (specification.String("pull_policy") is "always")
        {
            throw RequestFailure.Of(new WispError(ErrorCode.NotSupported, "'pull_policy' 'always' is not supported.", "Images come from this node's store."));
        }

        if (specification.String("credentials") is not null || specification.Map("headers") is { Count: > 0 })
        {
            throw RequestFailure.Of(new WispError(ErrorCode.NotSupported, "'credentials' and 'headers' of an image are not supported.", "Images come from this node's store."));
        }

        specification.End();
        return url;
    }

    /// <summary>Reads a restart policy; null when it is not given.</summary>
    public static Result<RestartPolicy?> ReadRestartPolicy(string? text) => text switch
    {
        null => (RestartPolicy?)null,
        "never" => RestartPolicy.Never,
        "always" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is not a valid 'restart_policy'.", "Use never, always or on-failure."),
    };

    /// <summary>Reads scale-to-zero settings of which some may be named.</summary>
    public static Result<ScaleToZeroChange> ReadScaleToZero(JsonObjectReader body)
    {
        var word = body.String("policy");
        ScaleToZeroPolicy? policy = word switch
        {
            "off" => ScaleToZeroPolicy.Off,
            "on" => ScaleToZeroPolicy.On,
            "idle" => ScaleToZeroPolicy.Idle,
            _ => null,
        };
        var change = new ScaleToZeroChange(
            body.Boolean("enabled"), policy, body.Boolean("stateful"), Milliseconds(body.Integer("cooldown_time_ms")), Milliseconds(body.Integer("notify_time_ms")));
        body.End();
        return word is not null && policy is null ? new WispError(ErrorCode.InvalidValue, "Not a valid scale_to_zero 'policy'.", "Use off, on or idle.") : change;
    }

    // Those of a new instance; null when they are not given.
    private static Result<ScaleToZero?> ReadScaleToZero(JsonObjectReader? body, bool byFeature)
    {
        var usual = byFeature ? ScaleToZero.Default with { Policy = ScaleToZeroPolicy.On } : ScaleToZero.Default;
        return body is null ? (byFeature ? usual : null)
            : ReadScaleToZero(body).Failed(out var error, out var change) ? error
            : change.ApplyTo(usual);
    }

    private static Result<(ResourceRef? Existing, CreateServiceGroup? New)> ReadGroup(JsonObjectReader? body)
    {
        if (body is null)
        {
            return ((ResourceRef?)null, (CreateServiceGroup?)null);
        }

        if (!body.Has("services"))
        {
            var (reference, wrong) = Target.Parse(body);
            body.End();
            return wrong is null ? (reference, (CreateServiceGroup?)null) : wrong;
        }

        return body.Has("uuid") || body.Has("name")
            ? new WispError(ErrorCode.NotBoth, "Give 'service_group' a uuid or name, or 'services' for a new group, not both.")
            : ServiceGroupReader.Read(body, named: false).Failed(out var error, out var group) ? error : ((ResourceRef?)null, group);
    }

    private static long Seconds(long? milliseconds) => milliseconds is { } given ? given < 0 ? -1 : (given + 999) / 1000 : 0;

    // Beyond a year it is out of range anyway, and a TimeSpan of ticks would overflow.
    private static TimeSpan? Milliseconds(long? given) => given is { } time ? TimeSpan.FromMilliseconds(Math.Clamp(time, -1, 31_536_000_000)) : null;

    private static bool IsEmpty(System.Text.Json.JsonElement value) => value.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Array => value.GetArrayLength() == 0,
        System.Text.Json.JsonValueKind.Object => !value.EnumerateObject().Any(),
        System.Text.Json.JsonValueKind.False => true,
        _ => false,
    };
}
