namespace Wisp.Contracts.Audit;

/// <summary>The data of an event of the audit stream (platform API, "Audit stream").</summary>
/// <param name="Type"><c>vm.create</c>, <c>vm.state_change</c>, <c>vm.start_failed</c>, <c>vm.annotate</c>, <c>user.create</c>, <c>user.limit</c>, <c>user.delete</c>, <c>token.create</c>, <c>token.revoke</c> or <c>gap</c>.</param>
/// <param name="Time">RFC 3339, UTC.</param>
/// <param name="Uuid">The instance, checkpoint or user.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="PreviousState">Its state before.</param>
/// <param name="Tags">Its labels.</param>
/// <param name="Message">What went wrong, what is missing or what is another.</param>
/// <param name="Token">Id of the token that it is about; no secret.</param>
/// <param name="By">Id of the token with which a user or token was made or changed; absent for the node's own.</param>
public sealed record AuditEntry(
    string Type, string? Time, string? Uuid, string? Name, string? State, string? PreviousState, IReadOnlyList<string>? Tags, string? Message, string? Token, string? By);
