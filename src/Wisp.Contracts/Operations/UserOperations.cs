using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Users and their tokens, which Wisp adds to the platform API.</summary>
internal static class UserOperations
{
    private static readonly Shape Limits = Shape.Of(
        "UserLimits", Member.Integer("instances"), Member.Integer("frozen", "templates and checkpoints together"), Member.Integer("service_groups"),
        Member.Integer("services", "published ports"), Member.Integer("memory_mb", "of one instance"), Member.Integer("vcpus", "of one instance"),
        Member.Integer("live_instances", "that start, run, drain or stop"), Member.Integer("live_vcpus", "of those together"), Member.Integer("live_memory_mb", "of those together"));

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/users", "getUsers", "Shows users.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Admin,
            Query = CommonShapes.References,
            Key = "users",
            Answer = WireJson.Default.EnvelopeUsersData,
        },
        new("POST", "/users", "createUsers", "Makes users.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Admin,
            Body = Shape.Of("CreateUser", Member.Text("name").Needed(), Member.Object("limits", Limits)),
            Bulk = true,
            Key = "users",
            Answer = WireJson.Default.EnvelopeUsersData,
        },
        new("PATCH", "/users", "updateUsers", "Changes what users may have.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Admin,
            Body = Shape.About("UpdateUser", CommonShapes.Change([.. Limits.Members.Select(member => member.Name)])),
            Bulk = true,
            Key = "users",
            Answer = WireJson.Default.EnvelopeUsersData,
        },
        new("DELETE", "/users", "deleteUsers", "Removes users who have nothing any more, with their tokens.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Admin,
            Body = CommonShapes.Reference,
            Bulk = true,
            Key = "users",
            Answer = WireJson.Default.EnvelopeUsersData,
        },
        new("GET", "/users/tokens", "getTokens", "Shows tokens of the caller's user, or to administrators of all, without their secrets; 'uuid' and 'name' are those of users.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Write,
            Query = CommonShapes.References,
            Key = "tokens",
            Answer = WireJson.Default.EnvelopeTokensData,
        },
        new("POST", "/users/tokens", "createTokens", "Makes tokens of the caller's user, with no higher role and no longer life, or for administrators of any; the answer shows each, once.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Write,
            Body = Shape.About(
                "CreateToken", Member.Word("role", "read", "write", "admin").Needed(), Member.Text("label", "what it is for"), Member.Integer("expires_in_s", "without it, it counts for ever")),
            Bulk = true,
            Key = "tokens",
            Answer = WireJson.Default.EnvelopeTokensData,
        },
        new("DELETE", "/users/tokens", "revokeTokens", "Revokes tokens; the next request with one is refused. What was made with one stays, unless 'with_children' says otherwise.")
        {
            Plane = OperationPlane.Wisp,
            Needs = Role.Write,
            Body = Shape.Of("RevokeToken", Member.Text("id").Needed(), Member.Boolean("with_children", "what was made with it is revoked, too, and answered after it")),
            Bulk = true,
            Key = "tokens",
            Answer = WireJson.Default.EnvelopeTokensData,
        },
    ];
}
