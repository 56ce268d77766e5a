namespace Wisp.Contracts.Operations;

/// <summary>The node itself.</summary>
internal static class NodeOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/healthz", "healthz", "Says how the node is.")
        {
            Answer = WireJson.Default.EnvelopeHealthData,
        },
        new("GET", "/users/quotas", "getUser", "Says what there is and may be.")
        {
            Key = "quotas",
            Answer = WireJson.Default.EnvelopeQuotasData,
            Support = SupportLevel.Differs,
            Note = "'hard' says what the user may have and the node can hold; memory and virtual CPUs may be promised more than once.",
        },
        new("GET", "/users/{uuid}/quotas", "getUserByUuid", "Says what there is and may be, of one user.")
        {
            Key = "quotas",
            Answer = WireJson.Default.EnvelopeQuotasData,
            Support = SupportLevel.Differs,
            Note = "The caller's own; an administrator may ask for any.",
        },
    ];
}
