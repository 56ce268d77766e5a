namespace Wisp.Api;

/// <summary>How this server presents itself to clients that look for a metro.</summary>
/// <param name="Code">What clients call it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166 code; ZZ is unknown.</param>
public sealed record MetroOptions(string Code, string Name, string Country)
{
    /// <summary>A server that was told nothing.</summary>
    public static MetroOptions Default { get; } = new("local", "local", "ZZ");
}
