namespace Wisp.Contracts.Users;

/// <summary>Whom resources belong to. Wisp's own; the platform API knows a user by its quotas only.</summary>
public sealed record User : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>What it may have; absent members are left to what the node can hold.</summary>
    public UserLimits? Limits { get; init; }
    /// <summary>How many tokens it has.</summary>
    public int? Tokens { get; init; }
}
