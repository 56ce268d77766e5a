using System.Text.Json.Nodes;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;

namespace Wisp.Cli.Resources;

/// <summary>Images.</summary>
internal static class Images
{
    public const string Path = "/v1/images";

    public static Resource Image { get; } = new("image", "wisp images", Path, new FieldSet(
        "name",
        new("name", Name) { Listed = true, Title = "image" }, new("metro", "metro"), new("tags", "tags") { Listed = true, Long = true }, new("url", "url"),
        new("digest", item => Words.Image(Url(item))?.Split('@').Last() is { } digest ? digest : null) { Listed = true },
        new("size", "size_in_bytes", FieldKind.Bytes) { Listed = true },
        new("args", "args", FieldKind.Arguments), new("env", "env", FieldKind.Map), new("persistent", "persistent"), new("initrd-or-rom", "initrd_or_rom"),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true }) { None = new("images", "wisp build DIRECTORY") }) { Example = "hello:latest" };

    /// <summary>What is told of one that was removed.</summary>
    public static FieldSet Removed { get; } = new("name", new("name", "name") { Listed = true, Title = "deleted" }, new("metro", "metro"), new("uuid", "uuid") { Listed = true });

    /// <summary>True when people mean this image by that name.</summary>
    public static bool IsCalled(JsonObject image, string name) =>
        Url(image) == name || (image["tags"] as JsonArray ?? []).OfType<JsonNode>().Select(FieldText.Text).Any(tag => tag == name || tag == name + ":latest");

    private static JsonNode? Name(JsonObject image) => image["tags"] is JsonArray { Count: > 0 } tags ? tags[0] : image["url"];

    private static string? Url(JsonObject image) => (string?)image["url"];
}
