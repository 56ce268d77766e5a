namespace Wisp.Platform.Accounts;

/// <summary>Whom resources belong to. Names are unique within one, and nothing of one is seen by another.</summary>
public sealed record Account
{
    /// <summary>The name of the node's own account.</summary>
    public const string OwnName = "default";

    /// <summary>The node's own account: always there, and the owner of everything that was made before there were others.</summary>
    public static Guid Own { get; } = new("5f0e8a54-6d1b-4c67-9d0c-2f1a3b7c9e10");

    /// <summary>Its uuid.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it may have.</summary>
    public AccountLimits Limits { get; init => field = value ?? AccountLimits.None; } = AccountLimits.None;
}
