namespace Wisp.Contracts.Audit;

/// <summary>The data of an event of the audit stream (platform API, "Audit stream").</summary>
/// <param name="Type"><c>vm.state_change</c>, <c>vm.start_failed</c> or <c>gap</c>.</param>
/// <param name="Time">RFC 3339, UTC.</param>
/// <param name="Uuid">The instance.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="PreviousState">Its state before.</param>
/// <param name="Tags">Its labels.</param>
/// <param name="Message">What went wrong, or what is missing.</param>
public sealed record AuditEntry(
    string Type, string? Time, string? Uuid, string? Name, string? State, string? PreviousState, IReadOnlyList<string>? Tags, string? Message);
