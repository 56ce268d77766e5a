using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;

namespace Wisp.Cli.Resources;

/// <summary>What this program itself has to say.</summary>
internal static class Node
{
    /// <summary>How a node is.</summary>
    public static FieldSet Status { get; } = new(
        "endpoint",
        new("endpoint", "endpoint") { Listed = true }, new("token", "token_file"), new("accelerator", "accelerator") { Listed = true }, new("why", "accelerator_reason"),
        new("instances", Counts) { Listed = true, Long = true }, new("data", "data_dir") { Listed = true, Long = true }, new("pid", "pid"), new("version", "version") { Listed = true });

    /// <summary>An image that was built.</summary>
    public static FieldSet Build { get; } = new(
        "image",
        new("image", "name") { Listed = true }, new("digest", "digest") { Listed = true, Long = true }, new("size", "size_in_bytes", FieldKind.Bytes) { Listed = true },
        new("result", item => $"{((bool?)item["reused"] == true ? "reused" : "built")} in {Words.Span(TimeSpan.FromSeconds((double?)item["seconds"] ?? 0))}") { Listed = true });

    public static FieldSet Version { get; } = new("version", new Field("version", "version") { Listed = true });

    /// <summary>What the demo measured.</summary>
    public static FieldSet Demo { get; } = new(
        "url",
        new("boot", Boot), new("first answer", item => Milliseconds(item, "first_answer_ms")),
        new("wake p50", item => Milliseconds(item, "wake_p50_ms") + $" to the first byte, over {item["wakes"]} wakes") { Listed = true }, new("wake p99", item => Milliseconds(item, "wake_p99_ms")) { Listed = true },
        new("checkpoint", item => Milliseconds(item, "checkpoint_ms")), new("rewind", item => First(item, "rewind_ms")), new("branch", item => First(item, "branch_ms")),
        new("memory", item => $"{item["memory_mb"]} MiB for the guest" + ((double?)item["resident_mib"] is { } resident ? string.Create(CultureInfo.InvariantCulture, $", {resident:0} MiB of the host's in use while it sleeps") : "")),
        new("accelerator", "accelerator"), new("why", "accelerator_reason"), new("url", "url") { Listed = true });

    private static JsonNode? Counts(JsonObject status) => status["instances"] switch
    {
        JsonObject { Count: > 0 } counts => string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}")),
        JsonObject => "none",
        _ => null,
    };

    private static JsonNode Boot(JsonObject demo) => (bool?)demo["restored"] == true
        ? "restored from where an earlier start was frozen, instead of booted"
        : Milliseconds(demo, "boot_ms") + ((bool?)demo["reused"] == true ? " (when it was last started)" : "");

    private static JsonNode? First(JsonObject demo, string member) => Milliseconds(demo, member) is { } time ? time + " to the new instance's first answer" : null;

    private static string? Milliseconds(JsonObject demo, string member) => (double?)demo[member] is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms") : null;
}
