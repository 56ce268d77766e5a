namespace Wisp.Contracts.Volumes;

/// <summary>An instance of a volume.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Readonly">True when it cannot write.</param>
public sealed record VolumeInstance(string Uuid, string? Name, bool? Readonly);
