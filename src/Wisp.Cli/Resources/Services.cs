using System.Globalization;
using System.Net;
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
        new("domains.*.fqdn", "domains.*.fqdn") { Title = "domains" }, new("domains.*.certificate.name", "domains.*.certificate.name"),
        new("services.*.listen", "services.*.listen"),
        new("instances.*.name", "instances.*.name") { Listed = true, Long = true, Title = "instances" }, new("instances.*.uuid", "instances.*.uuid"),
        new("soft-limit", "soft_limit"), new("hard-limit", "hard_limit"), new("persistent", "persistent"), new("autoscale", "autoscale"),
        new("autokill.time", "autokill.time_ms", FieldKind.Milliseconds),
        new("timestamps.created", "created_at", FieldKind.Moment) { Listed = true }) { None = new("services", "wisp services create NAME -p 8080:80") }) { Example = "web" };

    public static FieldSet Deleted { get; } = new("name", new("name", "name") { Listed = true, Title = "deleted" }, new("uuid", "uuid"));

    /// <summary>What a group is asked and serves.</summary>
    public static FieldSet Top { get; } = new(
        "name",
        // For people; programs have what it is made of.
        new("service", item => ServiceLabel.Of(item)) { Listed = true, OnRequest = true },
        new("name", "name"), new("uuid", "uuid"), new("metro", "metro"), new("domains.*.fqdn", "domains.*.fqdn"),
        new("requests-per-second", "requests_per_second") { Listed = true, Title = "req/s" }, new("in-flight", "in_flight") { Listed = true, Title = "open" },
        new("held", "held") { Listed = true },
        new("hold-p50", "hold_p50_ms", FieldKind.Milliseconds) { Listed = true, Title = "p50 hold" }, new("hold-p99", "hold_p99_ms", FieldKind.Milliseconds) { Listed = true, Title = "p99 hold" },
        new("errors-per-second", "errors_per_second") { Listed = true, Title = "err/s" },
        new("rx-per-second", "rx_bytes_per_second", FieldKind.Bytes) { Listed = true, Title = "in/s" }, new("tx-per-second", "tx_bytes_per_second", FieldKind.Bytes) { Listed = true, Title = "out/s" },
        new("awake", item => item["instances"] is { } all ? $"{item["instances_awake"]}/{all}" : null) { Listed = true, Title = "awake" }) { None = new("services", "wisp services create NAME -p 8080:80") };

    /// <summary>Where a group answers.</summary>
    public static IReadOnlyList<string> Urls(JsonObject group) => [.. All(group).SelectMany(service =>
    {
        var handlers = Handlers(service);
        var scheme = (handlers.Contains("http"), handlers.Contains("tls")) switch { (true, true) => "https", (true, _) => "http", (_, true) => "tls", _ => Bare(service) };
        var port = IPEndPoint.TryParse((string?)service["listen"] ?? "", out var listen) ? listen.Port : (int?)service["port"];
        string[] names = (string?)service["ip"] switch
        {
            null when handlers.Count > 0 => Domains(group),
            // Nobody can open "any address" in a browser.
            null or "0.0.0.0" or "::" => ["127.0.0.1"],
            var ip => [ip.Contains(':') ? $"[{ip}]" : ip],
        };
        return names.Select(name => (scheme, port) is ("http", 80) or ("https", 443)
            ? $"{scheme}://{name}"
            : string.Create(CultureInfo.InvariantCulture, $"{scheme}://{name}:{port}"));
    })];

    private static JsonNode? Ports(JsonObject group) => All(group).Any()
        ? new JsonArray([.. All(group).Select(service => (JsonNode)string.Create(
            CultureInfo.InvariantCulture,
            $"{((string?)service["ip"] is { } ip ? ip + ":" : "")}{(int?)service["port"]}:{(int?)service["destination_port"]}/{(Handlers(service) is { Count: > 0 } handlers ? string.Join('+', handlers) : Bare(service))}"))])
        : null;

    // Without handlers.
    private static string Bare(JsonObject service) => (string?)service["protocol"] == "udp" ? "udp" : "tcp";

    private static string[] Domains(JsonObject group) =>
        [.. (group["domains"] as JsonArray ?? []).OfType<JsonObject>().Select(domain => (string?)domain["fqdn"]).OfType<string>()];

    private static IReadOnlyList<string> Handlers(JsonObject service) => [.. (service["handlers"] as JsonArray ?? []).OfType<JsonNode>().Select(FieldText.Text)];

    private static IEnumerable<JsonObject> All(JsonObject group) => (group["services"] as JsonArray ?? []).OfType<JsonObject>();
}
