using System.Text.Json.Nodes;

namespace Wisp.Cli.Writing;

/// <summary>What of instances, templates, checkpoints and service groups can be written.</summary>
internal static class InstanceProperties
{
    private static readonly Property Tags = new("tags", "tags", Values.List) { Kind = PropertyKind.List, Change = "tags" };
    private static readonly Property DeleteLock = new("delete-lock", null, Values.Flag) { Change = "delete_lock" };
    private static readonly Property[] Autokill =
    [
        new("autokill", "autokill", Values.Autokill) { Change = "autokill" }, new("autokill.time", "autokill.time_ms", Values.Milliseconds) { Change = "autokill.time_ms" },
    ];

    private static readonly string[] ScheduleMembers = ["name", "when", "action", "args"];

    public static PropertySet Instance { get; } = new(
        Resources.Instances.Instance.Fields,
        [
            new("name", "name", Values.Text), new("image", "image", Values.Text) { Change = "image" },
            new("template", "template", Values.Ref), new("checkpoint", "checkpoint", Values.Ref), new("branch", "branch_from", Values.Ref),
            new("args", "args", Values.List) { Kind = PropertyKind.List, Change = "args" }, new("env", "env", Values.Map) { Kind = PropertyKind.Map, Change = "env" },
            new("resources.memory", "memory_mb", Values.Memory) { Change = "memory_mb" }, new("resources.vcpus", "vcpus", Values.Number) { Change = "vcpus" },
            new("resources.gpus", "gpus", Values.Number), new("type", "type", Values.Text), new("hostname", "hostname", Values.Text) { Change = "hostname" },
            Tags, new("annotations", "annotations", Values.Map) { Kind = PropertyKind.Map, Change = "annotations" }, DeleteLock,
            new("features", "features", Values.List) { Kind = PropertyKind.List },
            new("service.name", "service_group.name", Values.Text), new("service.services", "service_group.services", Values.Service) { Kind = PropertyKind.List },
            new("service.domains", "service_group.domains", Values.Domain) { Kind = PropertyKind.List, Members = ["name", "certificate"] },
            new("scale-to-zero", "scale_to_zero", Values.ScaleToZero) { Kind = PropertyKind.Map, Change = "scale_to_zero", ParseChange = Values.ScaleToZeroChange },
            new("scale-to-zero.policy", "scale_to_zero.policy", Values.Text) { Change = "scale_to_zero.policy" },
            new("scale-to-zero.stateful", "scale_to_zero.stateful", Values.Flag) { Change = "scale_to_zero.stateful" },
            new("scale-to-zero.cooldown-time", "scale_to_zero.cooldown_time_ms", Values.Milliseconds) { Change = "scale_to_zero.cooldown_time_ms" },
            new("scale-to-zero.notify-time", "scale_to_zero.notify_time_ms", Values.Milliseconds) { Change = "scale_to_zero.notify_time_ms" },
            new("restart.policy", "restart_policy", Values.Text) { Change = "restart_policy" }, .. Autokill,
            new("schedules", "schedules", Values.Schedule) { Kind = PropertyKind.List, Change = "schedules", Members = ScheduleMembers },
            new("volumes", "volumes", Values.Volume) { Kind = PropertyKind.List }, new("roms", "roms", Values.Rom) { Kind = PropertyKind.List, Change = "roms" },
            new("plugins", "plugins", Values.Plugin) { Kind = PropertyKind.List, Change = "plugins" }, new("sched-priority", "sched_priority", Values.Text) { Change = "sched_priority" },
            new("dependencies", "dependencies", Values.Ref) { Kind = PropertyKind.List, Change = "dependencies", Key = Values.Ref, Members = ["uuid"], Show = one => one["name"]?.DeepClone() },
            new("replicas", "replicas", Values.Number), new("autostart", "autostart", Values.Flag), new("cold", "cold", Values.Flag),
        ]);

    /// <summary>Templates and checkpoints, which are made by freezing.</summary>
    public static PropertySet Frozen { get; } = new(Resources.Instances.Template.Fields, [Tags, DeleteLock, .. Autokill]);

    public static PropertySet Service { get; } = new(
        Resources.Services.Service.Fields,
        new("name", "name", Values.Text), new("services", "services", Values.Service) { Kind = PropertyKind.List, Change = "services", Key = Values.Port },
        new("domains", "domains", Values.Domain) 
        {
            // As it is shown it is complete, which a dot says.
            Kind = PropertyKind.List, Change = "domains", Members = ["name", "certificate"], Show = one => new JsonObject { ["name"] = (string?)one["fqdn"] + "." },
        },
        new("soft-limit", "soft_limit", Values.Number) { Change = "soft_limit" }, new("hard-limit", "hard_limit", Values.Number) { Change = "hard_limit" },
        new("autokill", "autokill", Values.Autokill) { Change = "autokill" }, new("autokill.time", "autokill.time_ms", Values.Milliseconds) { Change = "autokill.time_ms" });
}
