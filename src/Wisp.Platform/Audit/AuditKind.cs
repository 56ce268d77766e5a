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
    /// <summary>There is an instance or checkpoint that there was not.</summary>
    Created,
    /// <summary>The annotations of an instance are others.</summary>
    Annotated,
    /// <summary>There is a user that there was not.</summary>
    UserCreated,
    /// <summary>A user may have something else.</summary>
    UserLimited,
    /// <summary>A user is gone.</summary>
    UserDeleted,
    /// <summary>There is a token that there was not.</summary>
    TokenCreated,
    /// <summary>A token counts no more.</summary>
    TokenRevoked,
}
