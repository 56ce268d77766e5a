namespace Wisp.Platform.Frozen;

/// <summary>A request to make a template of an instance.</summary>
/// <param name="Instance">Which one.</param>
/// <param name="Wait">How long one that is just starting may take to be ready; zero not at all, null is the platform's maximum.</param>
/// <param name="Autokill">How long after its last clone it is deleted; null never.</param>
public sealed record ConvertToTemplate(ResourceRef Instance, TimeSpan? Wait, TimeSpan? Autokill);
