namespace Wisp.Contracts.ControlPlane;

/// <summary>An image with its tags, as the control plane lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tags">Its tags.</param>
public sealed record NamedImage(string Name, IReadOnlyList<NamedImageTag>? Tags);
