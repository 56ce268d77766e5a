namespace Wisp.Cli.Output;

/// <summary>What <c>wisp version</c> prints.</summary>
/// <param name="Version">The version.</param>
internal sealed record VersionSummary(string Version);
