using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Gateway;
using Wisp.Platform;
using Wisp.Platform.Instances;

namespace Wisp.Api.Instances;

/// <summary>What instances use and serve (platform API, "metrics"): JSON for who asks for it, else text for Prometheus.</summary>
internal static class MetricsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Serve(AnswerAsync, "getInstanceMetrics", "getInstanceMetricsByUuid");

    private static async Task AnswerAsync(HttpContext context)
    {
        var instances = context.Rooms().Instances;
        // Without a name it is about all of them: so a scraper needs to know none.
        var targets = await Target.ReadAsync(context, required: false);
        var found = targets.Count == 0
            ? instances.List().Select(view => (Reference: ResourceRef.To(view.Uuid) as ResourceRef?, Measured: instances.Measure(ResourceRef.To(view.Uuid)))).ToArray()
            : [.. targets.Select(target =>
            {
                target.Body?.End();
                return (target.Reference, target.Wrong is { } wrong ? wrong : instances.Measure(target.Reference!.Value));
            })];
        if (PrometheusWriter.IsWantedBy(context))
        {
            await PrometheusText.Of([.. found.Select(item => item.Measured)]).AnswerAsync(context);
            return;
        }

        var items = found.Select(item => item.Measured.Failed(out var error, out var measured) ? Failed(error, item.Reference) : Show(measured)).ToArray();
        await Answers.ItemsAsync(context, items, list => new MetricsData(list), WireJson.Default.EnvelopeMetricsData);
    }

    /// <summary>A histogram on the wire.</summary>
    public static IReadOnlyList<WakeupBucket> Buckets(Latencies latencies) =>
        [.. latencies.Counts().Select((count, bucket) => new WakeupBucket(bucket < Latencies.Bounds.Count ? Latencies.Bounds[bucket] : null, count))];

    private static InstanceMetrics Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    private static InstanceMetrics Show(InstanceMeasurements measured)
    {
        var view = measured.Instance;
        return new InstanceMetrics
        {
            Status = ResponseStatus.Success,
            Uuid = view.Uuid.ToString(),
            Name = view.Name,
            State = InstanceMapping.Name(view.State),
            StartCount = view.StartCount,
            RestartCount = view.RestartCount,
            StartedAt = InstanceMapping.Time(view.StartedAt),
            StoppedAt = InstanceMapping.Time(view.StoppedAt),
            UptimeMs = (long)view.Uptime.TotalMilliseconds,
            // What has no machine uses nothing; clients expect the figure all the same.
            RssBytes = measured.Machine?.ResidentBytes ?? 0,
            CpuTimeMs = (long)(measured.Machine?.CpuTime.TotalMilliseconds ?? 0),
            BootTimeUs = (long)(view.BootTime?.TotalMicroseconds ?? 0),
            NetTimeUs = (long)(view.NetTime?.TotalMicroseconds ?? 0),
            RxBytes = measured.Traffic?.ReceivedBytes ?? 0,
            RxPackets = measured.Traffic?.ReceivedPackets ?? 0,
            TxBytes = measured.Traffic?.SentBytes ?? 0,
            TxPackets = measured.Traffic?.SentPackets ?? 0,
            Nconns = measured.Open,
            Nreqs = measured.Open - measured.Held,
            Nqueued = measured.Held,
            Ntotal = measured.Total,
            WakeupLatency = Buckets(measured.Wakes),
            WakeupLatencySum = measured.Wakes.Sum.TotalMilliseconds,
        };
    }
}
