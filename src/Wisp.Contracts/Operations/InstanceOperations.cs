using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Instances.</summary>
internal static class InstanceOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/instances", "createInstance", "Makes an instance and its replicas.")
        {
            Body = InstanceShapes.Create,
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
            Support = SupportLevel.Differs,
            Note = "'image' names an image of this node's store; nothing is pulled. 'volumes', 'roms', 'plugins', the schedule action 'exec', 'gateway', 'nameserver', 'network_interfaces', GPUs and sizes that change while it runs are not supported, nor is the type 'full'. The 'sched_priority' high and admin need the role admin. 'cold' is Wisp's own.",
        },
        new("GET", "/instances", "getInstances", "Shows instances.")
        {
            Query = CommonShapes.TaggedList,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("GET", "/instances/{uuid}", "getInstanceByUuid", "Shows an instance.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("PATCH", "/instances", "updateInstances", "Changes properties of instances.")
        {
            Body = Shape.About("UpdateInstance", InstanceShapes.Changes),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
            Support = SupportLevel.Differs,
            Note = "'image', 'args', 'env', 'memory_mb', 'vcpus', 'hostname' and 'scale_to_zero' of an instance that is not stopped wait in 'updates' for its next stop. What a 'scale_to_zero' that is set does not name stays as it is. 'roms', 'plugins' and 'vsock' are not supported. The 'sched_priority' high and admin need the role admin. 'restart_policy' is Wisp's own.",
        },
        new("PATCH", "/instances/{uuid}", "updateInstanceByUuid", "Changes a property of an instance.")
        {
            Body = Shape.Of("UpdateInstanceByUuid", InstanceShapes.Changes),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
            Support = SupportLevel.Differs,
            Note = "'image', 'args', 'env', 'memory_mb', 'vcpus', 'hostname' and 'scale_to_zero' of an instance that is not stopped wait in 'updates' for its next stop. What a 'scale_to_zero' that is set does not name stays as it is. 'roms', 'plugins' and 'vsock' are not supported. The 'sched_priority' high and admin need the role admin. 'restart_policy' is Wisp's own.",
        },
        new("DELETE", "/instances", "deleteInstances", "Stops and removes instances.")
        {
            Body = Shape.About("DeleteInstance", InstanceShapes.Delete),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Support = SupportLevel.Differs,
            Note = "Nothing is retained unless wispd was told so ('--retain-deleted'). It answers once the instance is gone, with a 'timeout_s' of 0 too.",
        },
        new("DELETE", "/instances/{uuid}", "deleteInstanceByUuid", "Stops and removes an instance.")
        {
            Body = Shape.Of("DeleteInstanceByUuid", InstanceShapes.Delete),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Support = SupportLevel.Differs,
            Note = "Nothing is retained unless wispd was told so ('--retain-deleted'). It answers once the instance is gone, with a 'timeout_s' of 0 too.",
        },
        new("PUT", "/instances/start", "startInstances", "Starts or wakes instances.")
        {
            Body = Shape.About("StartInstance", InstanceShapes.Start),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("PUT", "/instances/{uuid}/start", "startInstanceByUuid", "Starts or wakes an instance.")
        {
            Body = Shape.Of("StartInstanceByUuid", InstanceShapes.Start),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("PUT", "/instances/stop", "stopInstances", "Begins to stop instances.")
        {
            Body = Shape.About("StopInstance", InstanceShapes.Stop),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Support = SupportLevel.Differs,
            Note = "'dump' is not supported.",
        },
        new("PUT", "/instances/{uuid}/stop", "stopInstanceByUuid", "Begins to stop an instance.")
        {
            Body = Shape.Of("StopInstanceByUuid", InstanceShapes.Stop),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Support = SupportLevel.Differs,
            Note = "'dump' is not supported.",
        },
        new("PUT", "/instances/suspend", "suspendInstances", "Puts instances to sleep.")
        {
            Body = Shape.About("SuspendInstance", InstanceShapes.Suspend),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Aliases = ["POST /instances/suspend"],
        },
        new("PUT", "/instances/{uuid}/suspend", "suspendInstanceByUuid", "Puts an instance to sleep.")
        {
            Body = Shape.Of("SuspendInstanceByUuid", InstanceShapes.Suspend),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Aliases = ["POST /instances/{uuid}/suspend"],
        },
        new("GET", "/instances/wait", "waitInstances", "Waits until instances have a state.")
        {
            Query = [.. CommonShapes.References, .. InstanceShapes.Wait],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Aliases = ["PUT /instances/wait"],
        },
        new("GET", "/instances/{uuid}/wait", "waitInstanceByUuid", "Waits until an instance has a state.")
        {
            Query = InstanceShapes.Wait,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Aliases = ["PUT /instances/{uuid}/wait"],
        },
        new("GET", "/instances/log", "getInstanceLogs", "Reads consoles.")
        {
            Query = [.. CommonShapes.References, .. InstanceShapes.Log],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeLogsData,
            Aliases = ["GET /instances/logs"],
        },
        new("GET", "/instances/{uuid}/log", "getInstanceLogsByUuid", "Reads a console.")
        {
            Query = InstanceShapes.Log,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeLogsData,
            Aliases = ["GET /instances/{uuid}/logs"],
        },
        new("GET", "/instances/metrics", "getInstanceMetrics", "Says what instances use and serve: as JSON where it is asked for, else as Prometheus reads it.")
        {
            Query = CommonShapes.References,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeMetricsData,
            Aliases = ["POST /instances/metrics"],
            Support = SupportLevel.Differs,
            Note = "'template_time' is not measured. Counts of requests begin with wispd, counts of bytes with the machine.",
        },
        new("GET", "/instances/{uuid}/metrics", "getInstanceMetricsByUuid", "Says what an instance uses and serves.")
        {
            Key = "instances",
            Answer = WireJson.Default.EnvelopeMetricsData,
            Aliases = ["POST /instances/{uuid}/metrics"],
            Support = SupportLevel.Differs,
            Note = "'template_time' is not measured. Counts of requests begin with wispd, counts of bytes with the machine.",
        },
        new("GET", "/instances/history", "getInstanceHistory", "Names the checkpoints that instances descend from.")
        {
            Query = CommonShapes.References,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeHistoriesData,
        },
        new("GET", "/instances/{uuid}/history", "getInstanceHistoryByUuid", "Names the checkpoints that an instance descends from.")
        {
            Key = "instances",
            Answer = WireJson.Default.EnvelopeHistoriesData,
        },
    ];
}
