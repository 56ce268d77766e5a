namespace Wisp.Platform.Accounts;

/// <summary>What was revoked.</summary>
/// <param name="Tokens">The token, and after it those that it had made, where these were to go, too.</param>
/// <param name="Left">How many that it had made stay.</param>
public sealed record RevokedTokens(IReadOnlyList<TokenView> Tokens, int Left);
