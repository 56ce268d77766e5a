using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Templates and checkpoints.</summary>
internal static class FrozenOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/instances/templates", "createTemplateInstances", "Turns instances into templates.")
        {
            Body = InstanceShapes.Convert,
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
            Aliases = ["POST /instances/templates/create"],
        },
        new("POST", "/instances/checkpoints", "createCheckpointInstances", "Makes checkpoints of instances, which run on.")
        {
            Body = InstanceShapes.Checkpoint,
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("GET", "/instances/templates", "getTemplateInstances", "Shows templates.")
        {
            Query = CommonShapes.TaggedList,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("GET", "/instances/templates/{uuid}", "getTemplateInstanceByUuid", "Shows a template.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("PATCH", "/instances/templates", "updateTemplateInstances", "Changes properties of templates.")
        {
            Body = Shape.About("UpdateTemplate", CommonShapes.Change("tags", "delete_lock", "autokill")),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
        },
        new("PATCH", "/instances/templates/{uuid}", "updateTemplateInstanceByUuid", "Changes a property of a template.")
        {
            Body = Shape.Of("UpdateTemplateByUuid", CommonShapes.Change("tags", "delete_lock", "autokill")),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
        },
        new("DELETE", "/instances/templates", "deleteTemplateInstances", "Removes templates.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("DELETE", "/instances/templates/{uuid}", "deleteTemplateInstanceByUuid", "Removes a template.")
        {
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("GET", "/instances/checkpoints", "getCheckpointInstances", "Shows checkpoints.")
        {
            Query = CommonShapes.TaggedList,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("GET", "/instances/checkpoints/{uuid}", "getCheckpointInstanceByUuid", "Shows a checkpoint.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "instances",
            Answer = WireJson.Default.EnvelopeInstancesData,
        },
        new("PATCH", "/instances/checkpoints", "updateCheckpointInstances", "Changes properties of checkpoints.")
        {
            Body = Shape.About("UpdateCheckpoint", CommonShapes.Change("tags", "delete_lock", "autokill")),
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
        },
        new("PATCH", "/instances/checkpoints/{uuid}", "updateCheckpointInstanceByUuid", "Changes a property of a checkpoint.")
        {
            Body = Shape.Of("UpdateCheckpointByUuid", CommonShapes.Change("tags", "delete_lock", "autokill")),
            Key = "instances",
            Answer = WireJson.Default.EnvelopeChangesData,
        },
        new("DELETE", "/instances/checkpoints", "deleteCheckpointInstances", "Removes checkpoints.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("DELETE", "/instances/checkpoints/{uuid}", "deleteCheckpointInstanceByUuid", "Removes a checkpoint.")
        {
            Key = "instances",
            Answer = WireJson.Default.EnvelopeTransitionsData,
        },
        new("GET", "/instances/checkpoints/history", "getCheckpointHistory", "Names the checkpoints that checkpoints descend from.")
        {
            Query = CommonShapes.References,
            Key = "instances",
            Answer = WireJson.Default.EnvelopeHistoriesData,
        },
        new("GET", "/instances/checkpoints/{uuid}/history", "getCheckpointHistoryByUuid", "Names the checkpoints that a checkpoint descends from.")
        {
            Key = "instances",
            Answer = WireJson.Default.EnvelopeHistoriesData,
        },
    ];
}
