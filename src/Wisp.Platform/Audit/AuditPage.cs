namespace Wisp.Platform.Audit;

/// <summary>A part of the audit stream.</summary>
/// <param name="Events">The events, oldest first.</param>
/// <param name="IsGap">True when others came before these that are kept no more.</param>
/// <param name="Position">Where to go on from.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Events, bool IsGap, long Position);
