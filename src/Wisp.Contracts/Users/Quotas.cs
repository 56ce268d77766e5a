namespace Wisp.Contracts.Users;

/// <summary>What a user has and may have (platform API, "Quotas").</summary>
public sealed record Quotas : Item
{
    /// <summary>In use.</summary>
    public QuotaFigures? Used { get; init; }
    /// <summary>At most.</summary>
    public QuotaFigures? Hard { get; init; }
    /// <summary>What one resource may have.</summary>
    public QuotaLimits? Limits { get; init; }
}
