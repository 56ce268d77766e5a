using System.Text.Json.Nodes;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;

namespace Wisp.Cli.Resources;

/// <summary>The files of frozen machines.</summary>
internal static class Snapshots
{
    // A template may have thousands of clones, and a table has to fit.
    private const int SomeUsers = 2;

    private static readonly Field Uuid = new("uuid", item => item["uuid"] ?? item["name"]) { Listed = true, Title = "snapshot" };
    private static readonly Field Kind = new("kind", item => item["problem"] is null ? item["kind"] : "unusable") { Listed = true };
    private static readonly Field Own = new("size.own", "own_bytes", FieldKind.Bytes) { Listed = true };

    public static Resource Snapshot { get; } = new("snapshot", "wisp snapshots", "/v1/snapshots", new FieldSet(
        "uuid",
        Uuid, new("metro", "metro"), Kind, new("source", "source") { Listed = true, Long = true, Title = "of" },
        Own, new("size.shared", item => item["shared_bytes"] is { } bytes && FieldText.Number(bytes) > 0 ? bytes : null, FieldKind.Bytes) { Listed = true },
        new("size.memory", "memory_bytes", FieldKind.Bytes), new("layers", "layers"), new("above", "above"),
        new("needed-by", item => Users(item)) { Listed = true, Long = true, Title = "needed by" }, new("users", "users"),
        new("copies-by", item => (string?)item["copies_by"] switch
        {
            null => null,
            "reflink" => "reflink: the filesystem shares equal pages",
            _ => "copy: this filesystem cannot share pages between files",
        }),
        new("timing.pause", "pause_us", FieldKind.Microseconds),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true }, new("timestamps.used", "last_used_at", FieldKind.Moment), new("problem", "problem")) { None = new("snapshots", "wisp checkpoints create INSTANCE") })
    {
        Example = "4f3c0d9e-7f8a-4e53-9d61-0a2b5f6c7d88",
    };

    /// <summary>One that was deleted.</summary>
    public static FieldSet Deleted { get; } = new("uuid", Uuid with { Title = "deleted" }, Kind, Own with { Title = "freed" });

    private static string Users(JsonObject item)
    {
        var users = (item["users"] as JsonArray ?? []).OfType<JsonNode>().Select(FieldText.Text).ToArray();
        List<string> words = [.. users.Take(SomeUsers)];
        if (users.Length > SomeUsers)
        {
            words.Add(Words.Count(users.Length - SomeUsers, "other"));
        }

        if (item["above"] is JsonArray { Count: > 0 and var above })
        {
            words.Add(Words.Count(above, "snapshot") + " above");
        }

        return words.Count > 0 ? string.Join(", ", words) : (string?)item["kind"] is "boot" ? "the next start" : "nobody";
    }
}
