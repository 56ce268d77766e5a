namespace Wisp.Platform.Accounts;

/// <summary>Who asks for something.</summary>
/// <param name="Account">The account that is acted for.</param>
/// <param name="AccountName">Its name.</param>
/// <param name="Role">What may be done.</param>
/// <param name="Token">Id of the token; null for the node's own.</param>
public sealed record Caller(Guid Account, string AccountName, Role Role, string? Token)
{
    /// <summary>Who holds the token of the node's file: its first administrator.</summary>
    public static Caller Owner { get; } = new(Accounts.Account.Own, Accounts.Account.OwnName, Role.Admin, null);
}
