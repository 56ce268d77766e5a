namespace Wisp.Contracts.ControlPlane;

/// <summary>Whose token it is.</summary>
/// <param name="OrganizationName">Name of the organisation.</param>
/// <param name="OrganizationDisplayName">Its name for people.</param>
/// <param name="Registry">Host of its registry.</param>
/// <param name="OrganizationUuid">Its uuid.</param>
public sealed record AuthorizationData(string OrganizationName, string OrganizationDisplayName, string Registry, string OrganizationUuid);
