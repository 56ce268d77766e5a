using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>Users, and their tokens.</summary>
internal static class Users
{
    private static readonly Field Name = new("name", "name") { Listed = true, Title = "user" };
    private static readonly Field Id = new("id", "id") { Listed = true, Title = "token" };
    private static readonly Field Owner = new("user", "user") { Listed = true };
    private static readonly Field Role = new("role", "role") { Listed = true };
    private static readonly Field Label = new("label", "name") { Listed = true, Long = true };
    private static readonly Field Expires = new("timestamps.expires", "expires_at", FieldKind.Moment) { Listed = true };
    private static readonly Field Secret = new("secret", "token") { Listed = true };

    public static Resource User { get; } = new("user", "wisp users", "/v1/users", new FieldSet(
        "name",
        Name, new("metro", "metro"), new("uuid", "uuid"), new("tokens", "tokens") { Listed = true },
        new("limits.instances", "limits.instances") { Listed = true }, new("limits.frozen", "limits.frozen"), new("limits.service-groups", "limits.service_groups"),
        new("limits.services", "limits.services"), new("limits.memory", "limits.memory_mb", FieldKind.Memory) { Listed = true }, new("limits.vcpus", "limits.vcpus") { Listed = true },
        new("limits.live-instances", "limits.live_instances") { Listed = true, Title = "live" }, new("limits.live-vcpus", "limits.live_vcpus"),
        new("limits.live-memory", "limits.live_memory_mb", FieldKind.Memory),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true }))
    {
        Example = "acme",
    };

    /// <summary>A user who was deleted.</summary>
    public static FieldSet Deleted { get; } = new("name", Name with { Title = "deleted" });

    public static Resource Token { get; } = new("token", "wisp tokens", "/v1/users/tokens", new FieldSet(
        "id",
        Id, new("metro", "metro"), Owner, Role, Label, new("made-by", "made_by"),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true }, new("timestamps.used", "last_used_at", FieldKind.Moment) { Listed = true }, Expires) { None = new("tokens", "wisp tokens create USER") })
    {
        Example = "4f3c0d9e7f8a4e53",
    };

    /// <summary>A token that was just made: whoever asks for its name only wants the secret.</summary>
    public static FieldSet Made { get; } = new("secret", Secret, Id, Owner, Role, Label, Expires);

    /// <summary>A token that was revoked; what it had made may still count.</summary>
    public static FieldSet Revoked { get; } = new("id", Id with { Title = "revoked" }, Owner, Role, new("children", "children") { Listed = true, Title = "left of what it made" });
}
