using System.Text.Json;

namespace Wisp.Images.Building;

/// <summary>Reads the configuration of an OCI image (image-spec, "config.md") as <c>buildah inspect</c> shows it. Pure.</summary>
internal static class OciConfiguration
{
    /// <summary>The configuration and the digest of the manifest.</summary>
    public static (ImageConfiguration Configuration, string Digest) Read(string inspection)
    {
        using var document = JsonDocument.Parse(inspection);
        var root = document.RootElement;
        var config = root.GetProperty("OCIv1").TryGetProperty("config", out var found) ? found : default;
        return (
            new ImageConfiguration
            {
                Entrypoint = Strings(config, "Entrypoint"),
                Cmd = Strings(config, "Cmd"),
                Env = Strings(config, "Env"),
                WorkingDir = Text(config, "WorkingDir") ?? "",
                User = Text(config, "User") ?? "",
                StopSignal = Text(config, "StopSignal"),
                ExposedPorts = Member(config, "ExposedPorts") is { ValueKind: JsonValueKind.Object } ports ? [.. ports.EnumerateObject().Select(port => port.Name)] : [],
                Labels = Member(config, "Labels") is { ValueKind: JsonValueKind.Object } labels
                    ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "", StringComparer.Ordinal)
                    : new Dictionary<string, string>(StringComparer.Ordinal),
            },
            Text(root, "FromImageDigest") ?? "");
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    private static string[] Strings(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}
