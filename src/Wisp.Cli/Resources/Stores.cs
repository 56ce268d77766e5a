using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>Volumes and certificates.</summary>
internal static class Stores
{
    private static readonly Field Name = new("name", "name") { Listed = true };
    private static readonly Field Uuid = new("uuid", "uuid");
    private static readonly Field Metro = new("metro", "metro");
    private static readonly Field State = new("state", "state") { Listed = true };
    private static readonly Field Created = new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true };

    private static readonly FieldSet VolumeFields = new(
        "name",
        Name, Uuid, Metro, State, new("size", "size_mb", FieldKind.Memory) { Listed = true }, new("free", "free_mb", FieldKind.Memory) { Listed = true },
        new("filesystem", "filesystem"), new("quota-policy", "quota_policy"), new("access-mode", "access_mode"), new("host-path", "host_path"), new("uid", "uid"), new("gid", "gid"),
        new("persistent", "persistent"), new("delete-lock", "delete_lock"), new("tags", "tags"),
        new("attached-to.*.name", "attached_to.*.name") { Listed = true, Long = true, Title = "attached to" }, new("attached-to.*.uuid", "attached_to.*.uuid"),
        new("mounted-by.*.name", "mounted_by.*.name"), new("mounted-by.*.uuid", "mounted_by.*.uuid"), new("mounted-by.*.readonly", "mounted_by.*.readonly"), Created);

    public static Resource Volume { get; } = new("volume", "wisp volumes", "/v1/volumes", VolumeFields with { None = new("volumes", null) }) { Example = "data" };

    public static Resource VolumeTemplate { get; } = new("volume template", "wisp volumes template", "/v1/volumes/templates", VolumeFields with { None = new("templates of volumes", null) }) { Example = "data" };

    public static Resource Certificate { get; } = new("certificate", "wisp certificates", "/v1/certificates", new FieldSet(
        "name",
        Name, Uuid, Metro, State, new("common-name", "common_name") { Listed = true, Long = true }, new("subject", "subject"), new("issuer", "issuer"), new("serial-number", "serial_number"),
        new("validity.not-before", "not_before", FieldKind.Moment), new("validity.not-after", "not_after", FieldKind.Moment) { Listed = true },
        new("validation.attempt", "validation.attempt"), new("validation.next-at", "validation.next", FieldKind.Moment), new("validation.reason", "validation.reason"),
        new("services.*.name", "service_groups.*.name"), new("services.*.uuid", "service_groups.*.uuid"), Created) { None = new("certificates", "wisp certificates create NAME --cn FQDN. --chain FILE --pkey FILE") }) { Example = "shop" };

    /// <summary>What was made or changed.</summary>
    public static FieldSet Made { get; } = new("name", Name, Uuid, Metro, State);

    public static FieldSet Deleted { get; } = new("name", Name with { Title = "deleted" }, Uuid, Metro);
}
