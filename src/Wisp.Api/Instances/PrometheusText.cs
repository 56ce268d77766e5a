using Wisp.Api.Http;
using Wisp.Platform.Instances;

namespace Wisp.Api.Instances;

/// <summary>Measurements of instances as Prometheus reads them.</summary>
internal static class PrometheusText
{
    private const string Wakes = "instance_wakeup_latency_seconds";

    private static readonly (string Name, string Kind, string Help, Func<InstanceMeasurements, double?> Value)[] Series =
    [
        ("state", "gauge", "State: 0 stopped, 1 starting, 2 running, 3 draining, 4 stopping, 5 standby, 6 template, 7 deleted", measured => StateNumber(measured.Instance.State)),
        ("start_count", "counter", "Starts", measured => measured.Instance.StartCount),
        ("restart_count", "counter", "Restarts by policy", measured => measured.Instance.RestartCount),
        ("started_at", "gauge", "When it was last started, in seconds since 1970", measured => Seconds(measured.Instance.StartedAt)),
        ("stopped_at", "gauge", "When it last stopped, in seconds since 1970", measured => Seconds(measured.Instance.StoppedAt)),
        ("uptime_s", "gauge", "Seconds since the start", measured => measured.Instance.Uptime.TotalSeconds),
        ("boot_time_s", "gauge", "Seconds of kernel boot", measured => measured.Instance.BootTime?.TotalSeconds),
        ("net_time_s", "gauge", "Seconds until the first port was open", measured => measured.Instance.NetTime?.TotalSeconds),
        ("rss_bytes", "gauge", "Resident memory of its machine", measured => measured.Machine?.ResidentBytes ?? 0),
        ("cpu_time_s", "counter", "CPU time of its machine", measured => measured.Machine?.CpuTime.TotalSeconds ?? 0),
        ("rx_bytes", "counter", "Bytes received since its machine started", measured => measured.Traffic?.ReceivedBytes ?? 0),
        ("tx_bytes", "counter", "Bytes sent since its machine started", measured => measured.Traffic?.SentBytes ?? 0),
        ("rx_packets", "counter", "Packets received since its machine started", measured => measured.Traffic?.ReceivedPackets ?? 0),
        ("tx_packets", "counter", "Packets sent since its machine started", measured => measured.Traffic?.SentPackets ?? 0),
        ("nconns", "gauge", "Connections and requests that are open", measured => measured.Open),
        ("nreqs", "gauge", "Requests that it works on", measured => measured.Open - measured.Held),
        ("nqueued", "gauge", "Requests that wait for it to wake", measured => measured.Held),
        ("ntotal", "counter", "Requests and connections served", measured => measured.Total),
    ];

    /// <summary>The text; what could not be measured is a comment in it.</summary>
    public static PrometheusWriter Of(IReadOnlyList<Result<InstanceMeasurements>> results)
    {
        var writer = new PrometheusWriter();
        var found = new List<(string Labels, InstanceMeasurements Measured)>();
        foreach (var result in results)
        {
            if (result.Failed(out var error, out var measured))
            {
                writer.Comment(error.Message);
            }
            else
            {
                found.Add(($"instance_uuid=\"{measured.Instance.Uuid}\"", measured));
            }
        }

        foreach (var (name, kind, help, value) in Series)
        {
            writer.Series("instance_" + name, kind, help);
            foreach (var (labels, measured) in found)
            {
                if (value(measured) is { } number)
                {
                    writer.Sample("instance_" + name, labels, number);
                }
            }
        }

        writer.Series(Wakes, "histogram", "How long its wakes took");
        foreach (var (labels, measured) in found)
        {
            writer.Histogram(Wakes, labels, measured.Wakes);
        }

        return writer;
    }

    private static int StateNumber(InstanceState state) => state switch
    {
        InstanceState.Stopped => 0,
        InstanceState.Starting => 1,
        InstanceState.Running => 2,
        InstanceState.Draining => 3,
        InstanceState.Stopping => 4,
        InstanceState.Standby => 5,
        InstanceState.Deleted => 7,
        _ => 6,
    };

    private static double? Seconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;
}
