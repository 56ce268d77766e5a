namespace Wisp.Platform.Accounts;

/// <summary>A token as it is kept: what it may do, and the digest by which it is known again. The secret itself is nowhere.</summary>
public sealed record ApiToken
{
    /// <summary>Its id, which is no secret: the middle part of the token.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the whole token, lower-case hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>The account that it acts for.</summary>
    public required Guid Account { get; init; }

    /// <summary>What it is for, in its owner's words.</summary>
    public string? Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Id of the token with which it was asked for, or of the one that had made that when it was revoked; null for the node's own.</summary>
    public string? MadeBy { get; init; }

    /// <summary>When it stops to count; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was used last, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
