using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Autoscale.</summary>
internal static class AutoscaleOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/services/autoscale", "createAutoscaleConfigurations", "Lets service groups scale out.")
        {
            Body = Shape.About("ConfigureAutoscale", AutoscaleShapes.Configuration),
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "'roms' answer that they are not supported. Without a template, instances are branches of the group's oldest.",
        },
        new("POST", "/services/{uuid}/autoscale", "createAutoscaleConfigurationByServiceGroupUuid", "Lets a service group scale out.")
        {
            Body = Shape.Of("ConfigureAutoscaleByUuid", [Member.Text("uuid", "as in the path"), .. AutoscaleShapes.Configuration]),
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "'roms' answer that they are not supported. Without a template, instances are branches of the group's oldest.",
        },
        new("GET", "/services/autoscale", "getAutoscaleConfigurations", "Shows how service groups scale.")
        {
            Query = CommonShapes.References,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
        },
        new("GET", "/services/{uuid}/autoscale", "getAutoscaleConfigurationsByServiceGroupUuid", "Shows how a service group scales.")
        {
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
        },
        new("DELETE", "/services/autoscale", "deleteAutoscaleConfigurations", "Ends the scaling of service groups.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
        },
        new("DELETE", "/services/{uuid}/autoscale", "deleteAutoscaleConfigurationsByServiceGroupUuid", "Ends the scaling of a service group.")
        {
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
        },
        new("POST", "/services/{uuid}/autoscale/policies", "createAutoscaleConfigurationPolicy", "Adds a policy to a service group that scales.")
        {
            Body = AutoscaleShapes.Policy,
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
        },
        new("GET", "/services/{uuid}/autoscale/policies", "getAutoscaleConfigurationPolicies", "Shows the policies of a service group.")
        {
            Query = [Member.Texts("name")],
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
        },
        new("GET", "/services/{uuid}/autoscale/policies/{name}", "getAutoscaleConfigurationPolicyByName", "Shows a policy.")
        {
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
        },
        new("DELETE", "/services/{uuid}/autoscale/policies", "deleteAutoscaleConfigurationPolicies", "Removes policies.")
        {
            Body = AutoscaleShapes.PolicyName,
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
        },
        new("DELETE", "/services/{uuid}/autoscale/policies/{name}", "deleteAutoscaleConfigurationPolicyByName", "Removes a policy.")
        {
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
        },
    ];
}
