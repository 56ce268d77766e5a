namespace Wisp.Api.Http;

/// <summary>Goes with a route that is no operation of the catalogue: what a token must be allowed for it.</summary>
/// <param name="Needs">The role; null lets everybody in, with a token and without.</param>
internal sealed record Access(Role? Needs);
