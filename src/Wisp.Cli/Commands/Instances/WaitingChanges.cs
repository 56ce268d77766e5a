using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Instances;

/// <summary>Says of which instances a change waits for their next stop.</summary>
internal static class WaitingChanges
{
    // What a machine is made with.
    private static readonly string[] Properties = ["image", "args", "env", "memory_mb", "vcpus", "hostname", "scale_to_zero"];

    /// <summary>Asks for instances that were changed, and says what waits.</summary>
    public static async Task SayAsync(Invocation call, IReadOnlyList<string> names, IReadOnlyList<PropertyChange> changes)
    {
        string[] asked = [.. changes.Select(change => change.Name).Intersect(Properties, StringComparer.Ordinal)];
        // The change is made already: that nothing more is known of it is no failure.
        if (asked.Length == 0 || (await call.AskAsync(HttpMethod.Get, Resources.Instances.Path, Reference.ToJson(names))).Failed(out _, out var answer))
        {
            return;
        }

        foreach (var instance in answer.Items)
        {
            string[] waiting = [.. (instance["updates"] as JsonArray ?? []).OfType<JsonObject>()
                .Select(update => Listing.Text(update, "prop")).OfType<string>().Intersect(asked, StringComparer.Ordinal)];
            if (waiting.Length > 0 && Listing.Text(instance, "name") is { } name)
            {
                call.Shell.Error.WriteLine(
                    $"{name}: {string.Join(", ", waiting)} {(waiting.Length == 1 ? "waits" : "wait")} for its next stop: wisp instances stop {name} && wisp instances start {name}");
            }
        }
    }
}
