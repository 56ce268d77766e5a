namespace Wisp.Cli.Output;

/// <summary>What <c>wisp build</c> ends with.</summary>
/// <param name="Name">Name and tag.</param>
/// <param name="Digest">Digest of the image.</param>
/// <param name="SizeInBytes">Size of its root filesystem.</param>
/// <param name="Reused">True when nothing had changed and nothing was built.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record BuildSummary(string Name, string Digest, long SizeInBytes, bool Reused, double Seconds);
