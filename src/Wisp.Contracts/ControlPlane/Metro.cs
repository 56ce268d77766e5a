namespace Wisp.Contracts.ControlPlane;

/// <summary>A place with an API of its own.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Endpoint">URL of its API.</param>
/// <param name="Name">Its name.</param>
/// <param name="IataCode">What clients call it.</param>
/// <param name="Country">ISO 3166 code; ZZ is unknown.</param>
public sealed record Metro(string Uuid, string Endpoint, string Name, string IataCode, string Country);
