using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>Where one may work, and how much of it.</summary>
internal static class Account
{
    private static readonly (string Name, string Wire, FieldKind Kind, string? Title)[] Figures =
    [
        ("instances", "instances", FieldKind.Plain, "instances"), ("live-instances", "live_instances", FieldKind.Plain, "live"), ("live-vcpus", "live_vcpus", FieldKind.Plain, "vcpus"),
        ("live-memory", "live_memory_mb", FieldKind.Memory, "memory"), ("service-groups", "service_groups", FieldKind.Plain, null), ("services", "services", FieldKind.Plain, "services"),
        ("volumes", "volumes", FieldKind.Plain, "volumes"), ("volume-size", "total_volume_mb", FieldKind.Memory, null),
    ];

    public static Resource Quota { get; } = new("quota", "wisp quotas", "/v1/users/quotas", new FieldSet(
        "uuid",
        [
            new("metro", "metro"), new("uuid", "uuid"), new("name", "name"),
            .. Figures.Select(figure => new Field("used." + figure.Name, "used." + figure.Wire, figure.Kind) { Listed = figure.Title is not null, Title = figure.Title ?? figure.Name }),
            .. Figures.Select(figure => new Field("hard." + figure.Name, "hard." + figure.Wire, figure.Kind)),
            new("limits.min-memory", "limits.min_memory_mb", FieldKind.Memory), new("limits.max-memory", "limits.max_memory_mb", FieldKind.Memory),
            new("limits.min-vcpus", "limits.min_vcpus"), new("limits.max-vcpus", "limits.max_vcpus"),
            new("limits.min-volume", "limits.min_volume_mb", FieldKind.Memory), new("limits.max-volume", "limits.max_volume_mb", FieldKind.Memory),
            new("limits.min-autoscale-size", "limits.min_autoscale_size"), new("limits.max-autoscale-size", "limits.max_autoscale_size"),
        ]));

    public static Resource Metro { get; } = new("metro", "wisp metros", "/v1/metros", new FieldSet(
        "name",
        [
            new("name", "name") { Listed = true }, new("endpoint", "endpoint") { Listed = true, Long = true }, new("location", "location") { Listed = true }, new("default", "default") { Listed = true },
            new("status.online", "status.online") { OnRequest = true, Title = "online" }, new("status.round-trip", "status.round_trip_us", FieldKind.Microseconds) { OnRequest = true },
            new("status.problem", "status.problem") { OnRequest = true, Long = true },
            .. Figures.Select(figure => new Field("quotas.used." + figure.Name, "quotas.used." + figure.Wire, figure.Kind) { OnRequest = true }),
            .. Figures.Select(figure => new Field("quotas.hard." + figure.Name, "quotas.hard." + figure.Wire, figure.Kind) { OnRequest = true }),
        ])) { Example = "local" };

    public static Resource Profile { get; } = new("profile", "wisp profile", "", new FieldSet(
        "name",
        new("name", "name") { Listed = true }, new("current", "current") { Listed = true }, new("type", "type"), new("organization", "organization"),
        new("controlplane", "controlplane") { Listed = true, Long = true }, new("controlplane-insecure", "controlplane_insecure"), new("token", "token"),
        new("metro-default", "metro_default") { Listed = true, Title = "metro" }, new("metros.*.name", "metros.*.name"), new("metros.*.endpoint", "metros.*.endpoint"),
        new("metros.*.location", "metros.*.location"))) { Example = "local" };
}
