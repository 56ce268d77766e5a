namespace Wisp.Platform.Accounts;

/// <summary>A token and whose it is.</summary>
/// <param name="Token">The token, without its secret.</param>
/// <param name="AccountName">Name of its account.</param>
public sealed record TokenView(ApiToken Token, string AccountName);
