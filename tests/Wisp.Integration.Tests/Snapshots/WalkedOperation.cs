namespace Wisp.Integration.Tests.Snapshots;

/// <summary>Something that freezes or wakes an instance, in whose midst something dies.</summary>
/// <param name="Options">How wispd is set up for it.</param>
/// <param name="IsAsleep">True when the instance is to be hibernated before.</param>
/// <param name="Run">Does it to the instance <c>walked</c>, and returns when it is over; may fail when something dies.</param>
public sealed record WalkedOperation(IReadOnlyList<string> Options, bool IsAsleep, Func<WalkNode, int, Task> Run)
{
    private static readonly string[] Paused = ["--reclaim-after", "1d", "--hibernate-after", "1d"];
    private static readonly string[] Hibernating = ["--reclaim-after", "1d", "--hibernate-after", "1ms"];

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, WalkedOperation> All { get; } = new Dictionary<string, WalkedOperation>(StringComparer.Ordinal)
    {
        ["suspend"] = new(Paused, false, (node, _) => SuspendAsync(node)),
        ["reclaim"] = new(["--reclaim-after", "1ms", "--hibernate-after", "1d"], false, (node, _) => SuspendAsync(node, "reclaimed")),
        ["hibernate"] = new(Hibernating, false, (node, _) => SuspendAsync(node, "hibernated")),
        ["wake"] = new(Hibernating, true, (node, port) => node.CountAsync(port)),
        ["checkpoint"] = new(Paused, false, (node, _) => MarkAsync(node)),
        ["clone"] = new(Paused, false, (node, _) => FreezeAsync(node, "/v1/instances", """{"checkpoint":{"name":"mark"},"name":"copy","autostart":true,"timeout_s":60}"""))
        {
            Prepare = MarkAsync,
        },
        ["template"] = new(Paused, false, (node, _) => FreezeAsync(node, "/v1/instances/templates", """[{"name":"walked","timeout_s":60}]""")),
    };

    /// <summary>Makes ready what it needs; not walked.</summary>
    public Func<WalkNode, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    private static Task MarkAsync(WalkNode node) =>
        FreezeAsync(node, "/v1/instances/checkpoints", """[{"from":{"name":"walked"},"name":"mark","timeout_s":60}]""");

    private static async Task SuspendAsync(WalkNode node, string? depth = null)
    {
        await node.Wispd.ItemAsync(HttpMethod.Put, "/v1/instances/suspend", """[{"name":"walked"}]""");
        // One whose machine was killed sinks no deeper.
        while (depth is not null && await node.Wispd.InstanceAsync("walked") is var instance
            && instance["standby_depth"]?.GetValue<string>() != depth && instance["state"]!.GetValue<string>() != "stopped")
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static Task FreezeAsync(WalkNode node, string path, string body) => node.Wispd.ItemAsync(HttpMethod.Post, path, body);
}
