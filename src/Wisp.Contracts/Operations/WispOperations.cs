using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>What Wisp adds to the platform API.</summary>
internal static class WispOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/certificates/authority", "getCertificateAuthority", "Shows the authority of the node, whose certificates domains get that have none of their own.")
        {
            Plane = OperationPlane.Wisp,
            Key = "authorities",
            Answer = WireJson.Default.EnvelopeAuthoritiesData,
        },
        new("GET", "/services/metrics", "getServiceGroupMetrics", "Says what services are asked and serve: as JSON where it is asked for, else as Prometheus reads it.")
        {
            Plane = OperationPlane.Wisp,
            Query = CommonShapes.References,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceMetricsData,
        },
        new("PUT", "/services/autoscale", "changeAutoscaleConfigurations", "Changes how service groups scale, or lets them; what is not given stays.")
        {
            Plane = OperationPlane.Wisp,
            Body = Shape.About("ConfigureAutoscale", AutoscaleShapes.Configuration),
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
        },
        new("GET", "/snapshots", "getSnapshots", "Shows the files of frozen machines.")
        {
            Plane = OperationPlane.Wisp,
            Query = [Member.Texts("uuid")],
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
        new("GET", "/snapshots/{uuid}", "getSnapshotByUuid", "Shows the files of one frozen machine.")
        {
            Plane = OperationPlane.Wisp,
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
        new("POST", "/snapshots/gc", "collectSnapshots", "Removes the files that nothing needs.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.Wisp,
            Key = "snapshots",
            Answer = WireJson.Default.EnvelopeSnapshotsData,
        },
        new("GET", "/instances/{uuid}/tunnel", "tunnelInstanceByUuid", "Connects to a TCP port of an instance, by a WebSocket; it need not be published, and the instance is woken and stays awake.")
        {
            Needs = Role.Write,
            Plane = OperationPlane.Wisp,
            Query = [Member.Integer("port", "The port in the instance. Both ends send binary messages, and a close when they have said all.").Needed()],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
    ];
}
