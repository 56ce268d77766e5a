namespace Wisp.Platform.Accounts;

/// <summary>A request for a token.</summary>
/// <param name="Account">Whom it acts for.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Lifetime">How long it counts; null for ever.</param>
public sealed record CreateToken(ResourceRef Account, Role Role, string? Name, TimeSpan? Lifetime);
