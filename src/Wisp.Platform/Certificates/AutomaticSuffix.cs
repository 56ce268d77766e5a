namespace Wisp.Platform.Certificates;

/// <summary>Domains that certificates are got for without being named.</summary>
/// <param name="Suffix">What they are under, in lower case; it is one of them.</param>
/// <param name="User">Whose they may be; null for anybody's.</param>
public sealed record AutomaticSuffix(string Suffix, string? User);
