namespace Wisp.Platform.Audit;

/// <summary>What an audit event is about.</summary>
public enum AuditKind
{
    /// <summary>An instance has another state.</summary>
    StateChange,
    /// <summary>A start or a wake came to nothing.</summary>
    StartFailed,
    /// <summary>Events that came before this one may be missing.</summary>
    Gap,
}
