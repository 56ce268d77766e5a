using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Resources;

/// <summary>Service groups.</summary>
internal static class Services
{
    public const string Path = "/v1/services";

    public static Resource Service { get; } = new("service", "wisp services", Path, new FieldSet(
        "name",
        new("name", "name") { Listed = true }, new("uuid", "uuid"), new("metro", "metro"), new("urls", item => new JsonArray([.. Urls(item).Select(url => (JsonNode)url)])),
        new("ports", Ports) { Listed = true, Long = true },
        new("services.*.port", "services.*.port"), new("services.*.destination-port", "services.*.destination_port"), new("services.*.ip", "services.*.ip"),
        new("services.*.protocol", "services.*.protocol"), new("services.*.handlers", "services.*.handlers"),
        new("domains.*.fqdn", "domains.*.fqdn") { Title = "domains" },
        new("instances.*.name", "instances.*.name") { Listed = true, Long = true, Title = "instances" }, new("instances.*.uuid", "instances.*.uuid"),
        new("soft-limit", "soft_limit"), new("hard-limit", "hard_limit"), new("persistent", "persistent"), new("autoscale", "autoscale"),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true })) { Example = "web" };

    public static FieldSet Deleted { get; } = new("name", new("name", "name") { Listed = true, Title = "deleted" }, new("uuid", "uuid"));

    /// <summary>Where a group answers.</summary>
    public static IReadOnlyList<string> Urls(JsonObject group) => [.. All(group).Select(service =>
    {
        var handlers = Handlers(service);
        var scheme = !handlers.Contains("http") ? "tcp" : handlers.Contains("tls") ? "https" : "http";
        // Nobody can open "any address" in a browser.
        var host = (string?)service["ip"] switch
        {
            null or "0.0.0.0" or "::" => "127.0.0.1",
            var ip => ip.Contains(':') ? $"[{ip}]" : ip,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{(int?)service["port"]}");
    })];

    private static JsonNode? Ports(JsonObject group) => All(group).Any()
        ? new JsonArray([.. All(group).Select(service => (JsonNode)string.Create(
            CultureInfo.InvariantCulture,
            $"{((string?)service["ip"] is { } ip ? ip + ":" : "")}{(int?)service["port"]}:{(int?)service["destination_port"]}/{(Handlers(service) is { Count: > 0 } handlers ? string.Join('+', handlers) : "tcp")}"))])
        : null;

    private static IReadOnlyList<string> Handlers(JsonObject service) => [.. (service["handlers"] as JsonArray ?? []).OfType<JsonNode>().Select(FieldText.Text)];

    private static IEnumerable<JsonObject> All(JsonObject group) => (group["services"] as JsonArray ?? []).OfType<JsonObject>();
}
