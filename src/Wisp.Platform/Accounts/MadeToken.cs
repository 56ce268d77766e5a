namespace Wisp.Platform.Accounts;

/// <summary>A token that was just made.</summary>
/// <param name="View">What is kept of it.</param>
/// <param name="Secret">The token itself, which nobody can show again.</param>
public sealed record MadeToken(TokenView View, string Secret);
