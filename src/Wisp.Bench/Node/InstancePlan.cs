using System.Text.Json.Nodes;

namespace Wisp.Bench.Node;

/// <summary>An instance to measure.</summary>
/// <param name="Image">Name of its image.</param>
/// <param name="Port">Where the gateway publishes it on loopback.</param>
/// <param name="MemoryMb">Its RAM in MiB.</param>
/// <param name="Cooldown">After which it falls asleep; null for one that never does.</param>
internal sealed record InstancePlan(string Image, int Port, int MemoryMb, TimeSpan? Cooldown)
{
    /// <summary>Where the measured server listens.</summary>
    public const int ServerPort = 8080;

    /// <summary>The body of the create.</summary>
    public JsonObject ToJson()
    {
        var body = new JsonObject
        {
            ["image"] = Image,
            ["memory_mb"] = MemoryMb,
            ["autostart"] = true,
            ["service_group"] = new JsonObject
            {
                ["services"] = new JsonArray(new JsonObject
                {
                    ["ip"] = "127.0.0.1",
                    ["port"] = Port,
                    ["destination_port"] = ServerPort,
                    ["handlers"] = new JsonArray("http"),
                }),
            },
        };
        if (Cooldown is { } cooldown)
        {
            body["scale_to_zero"] = new JsonObject { ["policy"] = "on", ["stateful"] = true, ["cooldown_time_ms"] = (long)cooldown.TotalMilliseconds };
        }

        return body;
    }
}
