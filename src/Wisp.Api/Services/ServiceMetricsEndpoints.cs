using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Services;
using Wisp.Platform;
using Wisp.Platform.Services;

namespace Wisp.Api.Services;

/// <summary>What services are asked and serve: JSON for who asks for it, else text for Prometheus.</summary>
internal static class ServiceMetricsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Serve(AnswerAsync, "getServiceGroupMetrics");

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.Rooms().Services;
        // Without a name it is about all of them, as with instances.
        var targets = await Target.ReadAsync(context, required: false);
        var found = targets.Count == 0
            ? services.List().Select(view => (Reference: ResourceRef.To(view.Uuid) as ResourceRef?, Measured: services.Measure(ResourceRef.To(view.Uuid)))).ToArray()
            : [.. targets.Select(target =>
            {
                target.Body?.End();
                return (target.Reference, target.Wrong is { } wrong ? wrong : services.Measure(target.Reference!.Value));
            })];
        if (PrometheusWriter.IsWantedBy(context))
        {
            await ServicePrometheus.Of(found.Select(item => item.Measured), services.Node).AnswerAsync(context);
            return;
        }

        var items = found.Select(item => item.Measured.Failed(out var error, out var measured) ? Failed(error, item.Reference) : Show(measured)).ToArray();
        await Answers.ItemsAsync(context, items, list => new ServiceMetricsData(list), WireJson.Default.EnvelopeServiceMetricsData);
    }

    private static ServiceMetrics Failed(WispError error, ResourceRef? reference) => new()
    {
        Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = reference?.Uuid?.ToString(), Name = reference?.Name,
    };

    private static ServiceMetrics Show(ServiceMeasurements measured)
    {
        var traffic = measured.Traffic;
        return new ServiceMetrics
        {
            Status = ResponseStatus.Success,
            Uuid = measured.Uuid.ToString(),
            Name = measured.Name,
            Domains = [.. measured.Domains.Select(domain => new Domain(domain))],
            Requests = ServicePrometheus.Requests(measured),
            Connections = traffic.Connections,
            InFlight = traffic.InFlight,
            Held = traffic.Held,
            HoldLatency = MetricsEndpoints.Buckets(traffic.Holds),
            HoldLatencySum = traffic.Holds.Sum.TotalMilliseconds,
            WakeupLatency = MetricsEndpoints.Buckets(traffic.Wakes),
            WakeupLatencySum = traffic.Wakes.Sum.TotalMilliseconds,
            RxBytes = traffic.ReceivedBytes,
            TxBytes = traffic.SentBytes,
            Errors = ServicePrometheus.Errors(measured),
            Instances = measured.Instances,
            InstancesAwake = measured.Awake,
        };
    }
}
