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
            Support = SupportLevel.NotYet,
            Note = "Autoscale is not supported yet.",
        },
        new("POST", "/services/{uuid}/autoscale", "createAutoscaleConfigurationByServiceGroupUuid", "Lets a service group scale out.")
        {
            Body = Shape.Of("ConfigureAutoscaleByUuid", [Member.Text("uuid", "as in the path"), .. AutoscaleShapes.Configuration]),
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.NotYet,
            Note = "Autoscale is not supported yet.",
        },
        new("GET", "/services/autoscale", "getAutoscaleConfigurations", "Shows how service groups scale.")
        {
            Query = CommonShapes.References,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "Every group that there is answers 'unconfigured'.",
        },
        new("GET", "/services/{uuid}/autoscale", "getAutoscaleConfigurationsByServiceGroupUuid", "Shows how a service group scales.")
        {
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "Every group that there is answers 'unconfigured'.",
        },
        new("DELETE", "/services/autoscale", "deleteAutoscaleConfigurations", "Ends the scaling of service groups.")
        {
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
        new("DELETE", "/services/{uuid}/autoscale", "deleteAutoscaleConfigurationsByServiceGroupUuid", "Ends the scaling of a service group.")
        {
            Key = "service_groups",
            Answer = WireJson.Default.EnvelopeAutoscaleData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
        new("POST", "/services/{uuid}/autoscale/policies", "createAutoscaleConfigurationPolicy", "Adds a policy to a service group that scales.")
        {
            Body = AutoscaleShapes.Policy,
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
            Support = SupportLevel.NotYet,
            Note = "Autoscale is not supported yet.",
        },
        new("GET", "/services/{uuid}/autoscale/policies", "getAutoscaleConfigurationPolicies", "Shows the policies of a service group.")
        {
            Query = [Member.Texts("name")],
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
        new("GET", "/services/{uuid}/autoscale/policies/{name}", "getAutoscaleConfigurationPolicyByName", "Shows a policy.")
        {
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
        new("DELETE", "/services/{uuid}/autoscale/policies", "deleteAutoscaleConfigurationPolicies", "Removes policies.")
        {
            Body = AutoscaleShapes.PolicyName,
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
        new("DELETE", "/services/{uuid}/autoscale/policies/{name}", "deleteAutoscaleConfigurationPolicyByName", "Removes a policy.")
        {
            Key = "policies",
            Answer = WireJson.Default.EnvelopePoliciesData,
            Support = SupportLevel.Differs,
            Note = "No group is configured, so it answers code 27.",
        },
    ];
}
