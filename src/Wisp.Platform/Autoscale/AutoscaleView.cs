namespace Wisp.Platform.Autoscale;

/// <summary>How a service group scales, at one moment.</summary>
/// <param name="Uuid">The group's uuid.</param>
/// <param name="Name">The group's name.</param>
/// <param name="Settings">How; null when it does not.</param>
/// <param name="Template">Its template; null when it has none.</param>
public sealed record AutoscaleView(Guid Uuid, string Name, AutoscaleSettings? Settings, (Guid Uuid, string Name)? Template);
