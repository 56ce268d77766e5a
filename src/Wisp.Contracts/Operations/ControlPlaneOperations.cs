using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>The control plane, as far as a server of one's own answers it.</summary>
internal static class ControlPlaneOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/metros", "listMetros", "Names the metros and where their APIs are.")
        {
            Plane = OperationPlane.ControlPlane,
            Key = "metros",
            Answer = WireJson.Default.EnvelopeMetrosData,
            Support = SupportLevel.Differs,
            Note = "One: this server, at the address that the request came to.",
        },
        new("GET", "/auth", "getAuthorization", "Says whose token it is.")
        {
            Plane = OperationPlane.ControlPlane,
            Answer = WireJson.Default.EnvelopeAuthorizationData,
            Support = SupportLevel.Differs,
            Note = "'registry' is this server, which is no registry yet.",
        },
        new("POST", "/auth/signin", "requestSignin", "Begins to sign in by browser.")
        {
            Needs = Role.Read,
            Plane = OperationPlane.ControlPlane,
            Body = NodeShapes.Signin,
            Answer = WireJson.Default.EnvelopeNullableJsonElement,
            Support = SupportLevel.NotYet,
            Note = "A server of one's own has a token and no sign-in.",
        },
        new("POST", "/auth/check", "checkAuthorization", "Waits for a sign-in.")
        {
            Needs = Role.Read,
            Plane = OperationPlane.ControlPlane,
            Body = NodeShapes.Check,
            Answer = WireJson.Default.EnvelopeNullableJsonElement,
            Support = SupportLevel.NotYet,
            Note = "A server of one's own has a token and no sign-in.",
        },
        new("GET", "/images", "listImages", "Lists images with their tags.")
        {
            Plane = OperationPlane.ControlPlane,
            Query = [Member.Boolean("details", "false leaves the names"), Member.Text("namespace")],
            Key = "images",
            Answer = WireJson.Default.EnvelopeNamedImagesData,
            Support = SupportLevel.Differs,
            Note = "Below /v1 it is told apart from getImages by its query; below /controlplane/v1 it always is this one.",
        },
        new("GET", "/nodes", "listNodes", "Shows nodes.")
        {
            Plane = OperationPlane.ControlPlane,
            Query = [.. CommonShapes.References, Member.Text("cloudprovider"), Member.Texts("state"), Member.Text("metro"), Member.Integer("limit"), Member.Integer("offset")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("POST", "/nodes", "provisionNode", "Makes a node.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = NodeShapes.Provision,
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("PATCH", "/nodes", "updateNodes", "Changes nodes.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = CommonShapes.Reference,
            Bulk = true,
            Query = [Member.Texts("property"), Member.Texts("operation"), Member.Texts("value")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("DELETE", "/nodes", "destroyNode", "Removes nodes.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = CommonShapes.Reference,
            Bulk = true,
            Query = [Member.Boolean("force")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("GET", "/nodes/{uuid}", "getNodeByUuid", "Shows a node.")
        {
            Plane = OperationPlane.ControlPlane,
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("PATCH", "/nodes/{uuid}", "updateNodeByUuid", "Changes a node.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = Shape.Of("UpdateNode", NodeShapes.Changes),
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("DELETE", "/nodes/{uuid}", "destroyNodeByUuid", "Removes a node.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Query = [Member.Boolean("force")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("GET", "/nodes/wait", "waitNodes", "Waits until nodes have a state.")
        {
            Plane = OperationPlane.ControlPlane,
            Query = [.. CommonShapes.References, Member.Texts("states"), Member.Integer("timeout_ms")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("GET", "/nodes/{uuid}/wait", "waitNodeByUuid", "Waits until a node has a state.")
        {
            Plane = OperationPlane.ControlPlane,
            Query = [Member.Texts("states"), Member.Integer("timeout_ms")],
            Key = "nodes",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("GET", "/nodes/providers/{cloudprovider}/types", "listMachineTypes", "Lists kinds of machines.")
        {
            Plane = OperationPlane.ControlPlane,
            Query = [Member.Text("region")],
            Key = "machine_types",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("GET", "/nodes/providers/{cloudprovider}/regions", "listRegions", "Lists regions.")
        {
            Plane = OperationPlane.ControlPlane,
            Key = "regions",
            Answer = WireJson.Default.EnvelopeIReadOnlyDictionaryStringIReadOnlyListRefused,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("POST", "/nodes/activate", "nodeActivate", "Activates a node.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = NodeShapes.Activate,
            Answer = WireJson.Default.EnvelopeNullableJsonElement,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
        new("POST", "/nodes/deactivate", "nodeDeactivate", "Deactivates a node.")
        {
            Needs = Role.Admin,
            Plane = OperationPlane.ControlPlane,
            Body = NodeShapes.Deactivate,
            Answer = WireJson.Default.EnvelopeNullableJsonElement,
            Support = SupportLevel.NotYet,
            Note = "Nodes are not supported yet.",
        },
    ];
}
