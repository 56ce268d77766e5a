using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>Instances, and what instances are frozen into.</summary>
internal static class Instances
{
    public const string Path = "/v1/instances";
    public const string TemplatePath = Path + "/templates";
    public const string CheckpointPath = Path + "/checkpoints";

    /// <summary>The member in which a command puts where an instance answers.</summary>
    public const string Urls = "urls";

    private static readonly Field Name = new("name", "name") { Listed = true };
    private static readonly Field Uuid = new("uuid", "uuid");
    private static readonly Field Metro = new("metro", "metro");
    private static readonly Field State = new("state", "state") { Listed = true };
    private static readonly Field Image = new("image", "image", FieldKind.Image) { Listed = true, Long = true };
    private static readonly Field Memory = new("resources.memory", "memory_mb", FieldKind.Memory) { Listed = true };
    private static readonly Field Created = new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true };
    private static readonly Field[] WhatItRuns =
    [
        new("args", "args", FieldKind.Arguments), new("env", "env", FieldKind.Map), new("tags", "tags"), new("annotations", "annotations", FieldKind.Map), new("delete-lock", "delete_lock"),
    ];

    public static Resource Instance { get; } = new("instance", "wisp instances", Path, new FieldSet(
        "name",
        [
            Name, Uuid, Metro, State, new("standby-depth", "standby_depth"), Image, Memory, new("resources.vcpus", "vcpus"), new("type", "type"), .. WhatItRuns,
            new("features", "features"), new("hostname", "hostname"),
            new("sched-priority", "sched_priority"), new("dependencies.*.name", "dependencies.*.name"), new("dependencies.*.uuid", "dependencies.*.uuid"),
            new("service.name", "service_group.name") { Listed = true, Long = true, Title = "service" }, new("service.uuid", "service_group.uuid"),
            new("service.urls", Urls), new("service.domains.*.fqdn", "service_group.domains.*.fqdn"),
            new("network.private-ip", "private_ip") { Listed = true, Title = "address" }, new("network.private-fqdn", "private_fqdn"),
            new("network.interfaces.*.uuid", "network_interfaces.*.uuid"), new("network.interfaces.*.private-ip", "network_interfaces.*.private_ip"),
            new("network.interfaces.*.mac", "network_interfaces.*.mac"),
            new("scale-to-zero.policy", "scale_to_zero.policy"), new("scale-to-zero.stateful", "scale_to_zero.stateful"),
            new("scale-to-zero.cooldown-time", "scale_to_zero.cooldown_time_ms", FieldKind.Milliseconds), new("scale-to-zero.notify-time", "scale_to_zero.notify_time_ms", FieldKind.Milliseconds),
            new("restart.policy", "restart_policy"), new("restart.start-count", "start_count"), new("restart.restart-count", "restart_count"),
            new("restart.attempt", "restart.attempt"), new("restart.next-at", "restart.next_at", FieldKind.Moment),
            new("autokill.time", "autokill.time_ms", FieldKind.Milliseconds),
            new("schedules.*.name", "schedules.*.name"), new("schedules.*.when", "schedules.*.when"), new("schedules.*.action", "schedules.*.action"),
            new("schedules.*.next-at", "schedules.*.next_at", FieldKind.Moment),
            new("snapshot.uuid", "snapshot.uuid"),
            Created, new("timestamps.started", "started_at", FieldKind.Moment), new("timestamps.stopped", "stopped_at", FieldKind.Moment),
            new("timestamps.retained-until", "retained_until", FieldKind.Moment),
            new("timing.uptime", "uptime_ms", FieldKind.Milliseconds), new("timing.boot-time", "boot_time_us", FieldKind.Microseconds), new("timing.net-time", "net_time_us", FieldKind.Microseconds),
            new("timing.vmm-start-time", "vmm_start_time_us", FieldKind.Microseconds), new("timing.vmm-load-time", "vmm_load_time_us", FieldKind.Microseconds),
            new("timing.vmm-ready-time", "vmm_ready_time_us", FieldKind.Microseconds),
            new("stop.reason", StopWords.Reason), new("stop.origin", StopWords.Origin), new("stop.errno", StopWords.Errno), new("stop.exit-code", "exit_code"),
            new("stop.detail", "stop_detail"),
            new("updates.*.property", "updates.*.prop"), new("updates.*.operation", "updates.*.op"), new("updates.*.status", "updates.*.status"),
        ]) { None = new("instances", "wisp run IMAGE") });

    public static Resource Template { get; } = new("template", "wisp templates", TemplatePath, Frozen("template_autokill") with { None = new("templates", "wisp templates create INSTANCE") });

    public static Resource Checkpoint { get; } = new("checkpoint", "wisp checkpoints", CheckpointPath, Frozen("checkpoint_autokill") with { None = new("checkpoints", "wisp checkpoints create INSTANCE") });

    /// <summary>What became of an instance.</summary>
    public static FieldSet Transition { get; } = new(
        "name", Name, Uuid, Metro, State, new("previous-state", "previous_state") { Listed = true, Title = "before" });

    /// <summary>What was made, or is no more.</summary>
    public static FieldSet Made { get; } = new("name", Name, Uuid, Metro, State);

    public static FieldSet Deleted { get; } = new(
        "name", Name with { Title = "deleted" }, Uuid, Metro, new("previous-state", "previous_state") { Listed = true, Title = "was" });

    /// <summary>What was changed.</summary>
    public static FieldSet Changed { get; } = new("name", Name with { Title = "changed" }, Uuid, Metro, new("property", "id") { Listed = true });

    /// <summary>What something descends from.</summary>
    public static FieldSet History { get; } = new(
        "name", Name, Uuid, Metro, new("history.*.name", "history.*.name") { Listed = true, Long = true, Title = "descends from" }, new("history.*.uuid", "history.*.uuid"),
        new("history.*.created", "history.*.created_at", FieldKind.Moment) { Listed = true, Long = true, Title = "made" });

    private static FieldSet Frozen(string autokill) => new(
        "name",
        [
            Name, Uuid, Metro, State, Image, Memory, new("resources.vcpus", "vcpus"), .. WhatItRuns,
            new("kept", Kept(autokill)) { Listed = true }, new("autokill.time", autokill + ".time_ms", FieldKind.Milliseconds),
            new("snapshot.uuid", "snapshot.uuid"), Created,
        ]);

    private static Func<JsonObject, JsonNode?> Kept(string autokill) => item =>
        item["delete_lock"] is JsonValue locked && locked.TryGetValue<bool>(out var isLocked) && isLocked ? "locked"
        : item[autokill]?["time_ms"] is { } time && FieldText.Number(time) is { } milliseconds ? $"{Output.Words.Span(TimeSpan.FromMilliseconds(milliseconds))} after its last use"
        : "until deleted";
}
