using Wisp.Api.Http;
using Wisp.Gateway;
using Wisp.Gateway.Observing;
using Wisp.Platform.Services;

namespace Wisp.Api.Services;

/// <summary>What services are asked and serve, as Prometheus reads it.</summary>
internal static class ServicePrometheus
{
    private static readonly (string Name, string Kind, string Help, Func<ServiceMeasurements, IEnumerable<(string Labels, double Value)>> Samples)[] Series =
    [
        ("service_requests_total", "counter", "Requests that are over, by the class of their status", measured => Requests(measured).Select(pair => ($",status=\"{pair.Key}\"", (double)pair.Value))),
        ("service_connections_total", "counter", "Connections without HTTP", measured => One(measured.Traffic.Connections)),
        ("service_in_flight", "gauge", "Requests and connections that are open, held ones included", measured => One(measured.Traffic.InFlight)),
        ("service_held", "gauge", "Requests and connections that wait for an instance to wake", measured => One(measured.Traffic.Held)),
        ("service_rx_bytes_total", "counter", "Bytes from clients, of bodies and connections", measured => One(measured.Traffic.ReceivedBytes)),
        ("service_tx_bytes_total", "counter", "Bytes to clients, of bodies and connections", measured => One(measured.Traffic.SentBytes)),
        ("service_errors_total", "counter", "Requests and connections that the gateway answered or ended itself, by the reason", measured => Errors(measured).Select(pair => ($",reason=\"{pair.Key}\"", (double)pair.Value))),
        ("service_instances", "gauge", "Instances", measured => One(measured.Instances)),
        ("service_instances_awake", "gauge", "Instances that take traffic at once", measured => One(measured.Awake)),
    ];

    private static readonly (string Name, string Help, Func<ServiceMeasurements, Latencies> Value)[] Histograms =
    [
        ("service_hold_seconds", "How long requests and connections waited for an instance to wake", measured => measured.Traffic.Holds),
        ("service_wakeup_latency_seconds", "How long the wakes took that they caused", measured => measured.Traffic.Wakes),
    ];

    /// <summary>The text; what could not be measured is a comment in it.</summary>
    /// <param name="results">Services.</param>
    /// <param name="node">What is no service's, for who may see it.</param>
    public static PrometheusWriter Of(IEnumerable<Result<ServiceMeasurements>> results, GatewayTraffic? node)
    {
        var writer = new PrometheusWriter();
        var found = new List<(string Labels, ServiceMeasurements Measured)>();
        foreach (var result in results)
        {
            if (result.Failed(out var error, out var measured))
            {
                writer.Comment(error.Message);
            }
            else
            {
                // Names of services hold nothing that would have to be escaped.
                found.Add(($"service_uuid=\"{measured.Uuid}\",service=\"{measured.Name}\"", measured));
            }
        }

        foreach (var (name, kind, help, samples) in Series)
        {
            writer.Series(name, kind, help);
            foreach (var (labels, measured) in found)
            {
                foreach (var (more, value) in samples(measured))
                {
                    writer.Sample(name, labels + more, value);
                }
            }
        }

        foreach (var (name, help, value) in Histograms)
        {
            writer.Series(name, "histogram", help);
            foreach (var (labels, measured) in found)
            {
                writer.Histogram(name, labels, value(measured));
            }
        }

        if (node is not null)
        {
            Count(writer, "gateway_unrouted_total", "Requests and connections that there was no service for", node.Unrouted);
            writer.Series("gateway_errors_total", "counter", "What the gateway ended itself before it was known for whom it was");
            writer.Sample("gateway_errors_total", $"reason=\"{GatewayError.Connections.Word()}\"", node.RefusedConnections);
            Count(writer, "gateway_access_log_lines_total", "Lines of the access log that were written", node.AccessLogLines);
            Count(writer, "gateway_access_log_dropped_total", "Lines of the access log that were not: too many at once, or a file that cannot be written", node.AccessLogDropped);
        }

        return writer;
    }

    /// <summary>Requests by the class of their status.</summary>
    public static IReadOnlyDictionary<string, long> Requests(ServiceMeasurements measured) =>
        measured.Traffic.Statuses.Index().ToDictionary(one => $"{one.Index + 1}xx", one => one.Item, StringComparer.Ordinal);

    /// <summary>Errors by their reason, those included that never came. What has no service is none's.</summary>
    public static IReadOnlyDictionary<string, long> Errors(ServiceMeasurements measured) => Enum.GetValues<GatewayError>()
        .Where(error => error != GatewayError.NoService).ToDictionary(error => error.Word(), measured.Traffic.Errors, StringComparer.Ordinal);

    private static IEnumerable<(string, double)> One(double value) => [("", value)];

    private static void Count(PrometheusWriter writer, string name, string help, long value)
    {
        writer.Series(name, "counter", help);
        writer.Sample(name, "", value);
    }
}
