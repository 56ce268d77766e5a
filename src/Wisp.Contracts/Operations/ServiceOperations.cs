using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Service groups.</summary>
internal static class ServiceOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/services", "createServiceGroup", "Makes a service group and opens its ports.")
        {
            Body = ServiceShapes.Create,
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupsData,
            Support = SupportLevel.Differs,
            Note = "UDP is 'protocol' udp without handlers, and not on port 80 or 443 without an 'ip'. A group that scales has no 'autokill' while it does.",
        },
        new("GET", "/services", "getServiceGroups", "Shows service groups.")
        {
            Query = CommonShapes.List,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupsData,
        },
        new("GET", "/services/{uuid}", "getServiceGroupByUuid", "Shows a service group.")
        {
            Query = [Member.Boolean("details", "false leaves name and uuid")],
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupsData,
        },
        new("PATCH", "/services", "updateServiceGroups", "Changes properties of service groups.")
        {
            Body = Shape.About("UpdateServiceGroup", ServiceShapes.Changes),
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupChangesData,
            Support = SupportLevel.Differs,
            Note = "UDP is 'protocol' udp without handlers, and not on port 80 or 443 without an 'ip'. A group that scales has no 'autokill' while it does.",
        },
        new("PATCH", "/services/{uuid}", "updateServiceGroupByUuid", "Changes a property of a service group.")
        {
            Body = Shape.Of("UpdateServiceGroupByUuid", ServiceShapes.Changes),
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupChangesData,
            Support = SupportLevel.Differs,
            Note = "UDP is 'protocol' udp without handlers, and not on port 80 or 443 without an 'ip'. A group that scales has no 'autokill' while it does.",
        },
        new("DELETE", "/services", "deleteServiceGroups", "Closes the ports of service groups and removes them.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupsData,
        },
        new("DELETE", "/services/{uuid}", "deleteServiceGroupByUuid", "Closes the ports of a service group and removes it.")
        {
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeServiceGroupsData,
        },
    ];
}
