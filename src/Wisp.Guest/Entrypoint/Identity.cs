namespace Wisp.Guest.Entrypoint;

/// <summary>Whom the entrypoint runs as.</summary>
/// <param name="User">User id.</param>
/// <param name="Group">Group id.</param>
/// <param name="Supplementary">Further group ids.</param>
/// <param name="Home">Home directory, for HOME.</param>
internal readonly record struct Identity(uint User, uint Group, uint[] Supplementary, string Home);
