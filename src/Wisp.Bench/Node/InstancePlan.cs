using System.Net;
using System.Text.Json.Nodes;

namespace Wisp.Bench.Node;

/// <summary>An instance to measure.</summary>
/// <param name="Image">Name of its image.</param>
/// <param name="Port">Where the gateway publishes it on loopback.</param>
/// <param name="Cooldown">After which it falls asleep; null for one that never does.</param>
internal sealed record InstancePlan(string Image, int Port, TimeSpan? Cooldown)
{
    /// <summary>RAM of an instance in MiB.</summary>
    public const int MemoryMb = 256;

    /// <summary>Where the measured server listens.</summary>
    public const int ServerPort = 8080;

    /// <summary>Where the gateway publishes it.</summary>
    public IPEndPoint Gateway => new(IPAddress.Loopback, Port);

    /// <summary>True boots it, whatever could be restored.</summary>
    public bool Cold { get; init; }

    /// <summary>Where the gateway publishes it for https as well; null does not.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Port 443 of the node is it, by this name under its suffix; null where nothing is.</summary>
    public JsonNode? Domain { get; init; }

    /// <summary>A group that is there, which it joins; null makes one.</summary>
    public string? Group { get; init; }

    /// <summary>The template that it is a clone of; null makes it of the image.</summary>
    public string? Template { get; init; }

    /// <summary>The body of the create.</summary>
    /// <param name="waitSeconds">How long the answer may wait for it to run; 0 asks for none.</param>
    public JsonObject ToJson(int waitSeconds)
    {
        var body = new JsonObject
        {
            ["autostart"] = true,
            ["timeout_s"] = waitSeconds,
            ["service_group"] = Group is { } group ? new JsonObject { ["uuid"] = group } : Services(),
        };
        if (Template is { } template)
        {
            body["template"] = new JsonObject { ["uuid"] = template };
        }
        else
        {
            body["image"] = Image;
            body["memory_mb"] = MemoryMb;
            body["cold"] = Cold;
        }

        if (Cooldown is { } cooldown)
        {
            body["scale_to_zero"] = new JsonObject { ["policy"] = "on", ["stateful"] = true, ["cooldown_time_ms"] = (long)cooldown.TotalMilliseconds };
        }

        return body;
    }

    private JsonObject Services()
    {
        var services = new JsonArray(Service(Port, "http"));
        if (TlsPort is { } port)
        {
            services.Add((JsonNode)Service(port, "http", "tls"));
        }

        var made = new JsonObject { ["services"] = services };
        if (Domain is { } domain)
        {
            made["domains"] = new JsonArray(domain.DeepClone());
            services.Add((JsonNode)new JsonObject { ["port"] = 443, ["destination_port"] = ServerPort, ["handlers"] = new JsonArray("http", "tls") });
        }

        return made;
    }

    private static JsonObject Service(int port, params JsonNode[] handlers) =>
        new() { ["ip"] = "127.0.0.1", ["port"] = port, ["destination_port"] = ServerPort, ["handlers"] = new JsonArray(handlers) };
}
