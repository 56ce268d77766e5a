using System.Text.Json.Nodes;

namespace Wisp.Cli.Configuration;

/// <summary>Who one is, and where: an entry of the configuration file. What this program does not know stays as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What the file says.</param>
internal sealed record Profile(string Name, JsonObject Settings)
{
    /// <summary>The profile that is always there: the node of the data directory.</summary>
    public const string OfNode = "node";

    /// <summary>True when it is what <c>kraft</c> is logged in to.</summary>
    public bool IsLegacy => Text("type") == "legacy";

    public string? Token => Text("token");

    public string? ControlPlane => Text("controlplane");

    public bool ControlPlaneInsecure => Flag(Settings, "controlplane_insecure");

    public string? MetroDefault => Text("metro_default");

    /// <summary>Its metros; none means that the control plane knows them.</summary>
    public IReadOnlyList<Metro> Metros => [.. (Settings["metros"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(metro => metro["name"] is JsonValue && metro["endpoint"] is JsonValue)
        .Select(metro => new Metro(metro["name"]!.ToString(), metro["endpoint"]!.ToString(), metro["location"]?.ToString(), Flag(metro, "insecure")))];

    private string? Text(string name) => Settings[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    private static bool Flag(JsonObject settings, string name) => settings[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}

/// <summary>A metro of a profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">URL of its API.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Insecure">True accepts any certificate.</param>
internal sealed record Metro(string Name, string Endpoint, string? Location, bool Insecure);
