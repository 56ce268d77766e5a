namespace Wisp.Contracts.Users;

/// <summary>A token of a user. Its name is what it is for, in its owner's words.</summary>
public sealed record UserToken : Item
{
    /// <summary>Its id; no secret.</summary>
    public string? Id { get; init; }
    /// <summary>Name of its user.</summary>
    public string? User { get; init; }
    /// <summary><c>read</c>, <c>write</c> or <c>admin</c>.</summary>
    public string? Role { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>Id of the token that made it; absent for the node's own.</summary>
    public string? MadeBy { get; init; }
    /// <summary>In the answer that revoked it: how many tokens that it had made, and those had, still count.</summary>
    public int? Children { get; init; }
    /// <summary>When it stops to count, RFC 3339, UTC; absent for never.</summary>
    public string? ExpiresAt { get; init; }
    /// <summary>When it was used last, to the minute, RFC 3339, UTC.</summary>
    public string? LastUsedAt { get; init; }
    /// <summary>The token itself: in the answer that made it, and never again.</summary>
    public string? Token { get; init; }
}
