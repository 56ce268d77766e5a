using System.Text.Json.Nodes;

namespace Wisp.Integration.Tests.Survival;

/// <summary>A kind of resource: where the API has it, and what of it a client sets.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Key">What its list is called in answers.</param>
/// <param name="Members">What a client sets of it; the rest must not change at all.</param>
internal sealed record ResourceKind(string Path, string Key, IReadOnlyList<string> Members)
{
    public static ResourceKind Instance { get; } = new(
        "/v1/instances", "instances", ["memory_mb", "vcpus", "args", "env", "tags", "annotations", "delete_lock", "restart_policy", "hostname", "schedules", "autokill"]);

    public static ResourceKind Group { get; } = new("/v1/services", "service_groups", ["soft_limit", "hard_limit", "services", "domains"]);

    public static ResourceKind Checkpoint { get; } = new("/v1/instances/checkpoints", "instances", ["tags", "delete_lock", "checkpoint_autokill"]);

    public static ResourceKind Template { get; } = new("/v1/instances/templates", "instances", ["tags", "delete_lock", "template_autokill"]);

    public static IReadOnlyList<ResourceKind> All { get; } = [Instance, Group, Checkpoint, Template];

    /// <summary>What a client set, in a form that is equal where it means the same.</summary>
    public string Set(JsonObject item) => Text(item, Members.Contains);

    /// <summary>All the rest, which follows from the making of the thing.</summary>
    public string Rest(JsonObject item) => Text(item, member => !Members.Contains(member));

    private static string Text(JsonObject item, Func<string, bool> chooses) => string.Join(
        '\n',
        item.Where(member => chooses(member.Key)).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}={Canonical(member.Value)}"));

    private static string Canonical(JsonNode? node) => node switch
    {
        // When a schedule comes next follows from the clock.
        JsonObject members => $"{{{string.Join(',', members.Where(member => member.Key != "next_at").OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Canonical(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Canonical))}]",
        _ => node?.ToJsonString() ?? "null",
    };
}
