using System.Globalization;
using System.Text;
using Wisp.Gateway;
using Wisp.Platform.Instances;

namespace Wisp.Api.Instances;

/// <summary>Measurements as Prometheus reads them (text format 0.0.4).</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

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
    public static string Of(IReadOnlyList<Result<InstanceMeasurements>> results)
    {
        var text = new StringBuilder();
        var found = new List<InstanceMeasurements>();
        foreach (var result in results)
        {
            if (result.Failed(out var error, out var measured))
            {
                text.Append("# ").Append(error.Message.ReplaceLineEndings(" ")).Append('\n');
            }
            else
            {
                found.Add(measured);
            }
        }

        foreach (var (name, kind, help, value) in Series)
        {
            Head(text, name, kind, help);
            foreach (var measured in found)
            {
                if (value(measured) is { } number)
                {
                    text.Append(CultureInfo.InvariantCulture, $"instance_{name}{{instance_uuid=\"{measured.Instance.Uuid}\"}} {number:R}\n");
                }
            }
        }

        Head(text, "wakeup_latency_seconds", "histogram", "How long its wakes took");
        foreach (var measured in found)
        {
            Histogram(text, measured.Instance.Uuid, measured.Wakes);
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string kind, string help) =>
        text.Append("# HELP instance_").Append(name).Append(' ').Append(help).Append("\n# TYPE instance_").Append(name).Append(' ').Append(kind).Append('\n');

    private static void Histogram(StringBuilder text, Guid uuid, WakeLatencies wakes)
    {
        var sum = wakes.Sum.TotalSeconds;
        var below = 0L;
        foreach (var (count, bucket) in wakes.Counts().Select((count, bucket) => (count, bucket)))
        {
            below += count;
            var bound = bucket < WakeLatencies.Bounds.Count ? (WakeLatencies.Bounds[bucket] / 1000.0).ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"instance_wakeup_latency_seconds_bucket{{instance_uuid=\"{uuid}\",le=\"{bound}\"}} {below}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"instance_wakeup_latency_seconds_sum{{instance_uuid=\"{uuid}\"}} {sum:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"instance_wakeup_latency_seconds_count{{instance_uuid=\"{uuid}\"}} {below}\n");
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
