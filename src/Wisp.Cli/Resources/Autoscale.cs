using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>How service groups scale.</summary>
internal static class Autoscale
{
    public const string Path = "/v1/services/autoscale";

    public static Resource Configuration { get; } = new("configuration", "wisp services autoscale", Path, new FieldSet(
        "name",
        new("name", "name") { Listed = true, Title = "service" }, new("uuid", "uuid"), new("metro", "metro"), new("enabled", "enabled") { Listed = true },
        new("min-size", "min_size") { Listed = true, Title = "min" }, new("max-size", "max_size") { Listed = true, Title = "max" },
        new("warmup-time", "warmup_time_ms", FieldKind.Milliseconds), new("cooldown-time", "cooldown_time_ms", FieldKind.Milliseconds),
        new("template.name", "template.name") { Listed = true, Title = "template" }, new("template.uuid", "template.uuid"), new("high-watermark", "high_watermark"),
        new("policies.*.name", "policies.*.name") { Listed = true, Long = true, Title = "policies" })) { Example = "web" };

    public static FieldSet Policies { get; } = new(
        "name",
        new("name", "policy.name") { Listed = true }, new("type", "policy.type") { Listed = true }, new("enabled", "policy.enabled") { Listed = true },
        new("metric", "policy.metric") { Listed = true }, new("adjustment-type", "policy.adjustment_type") { Listed = true, Title = "adjustment" },
        new("steps.*.lower-bound", "policy.steps.*.lower_bound"), new("steps.*.upper-bound", "policy.steps.*.upper_bound"), new("steps.*.adjustment", "policy.steps.*.adjustment"),
        new("num-requests", "policy.num_requests"), new("replace", "policy.replace"), new("idle-time", "policy.idle_time_ms", FieldKind.Milliseconds)) { None = new("policies", "wisp services autoscale policies add SERVICE NAME --type on_demand") };

    public static FieldSet Changed { get; } = new("name", new Field("name", "name") { Listed = true, Title = "policy" });
}
