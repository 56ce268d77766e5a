namespace Wisp.Integration.Tests.Survival;

/// <summary>What a change is about.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, which one client alone uses.</param>
internal sealed record Resource(ResourceKind Kind, string Name);
