namespace Wisp.Contracts.ControlPlane;

/// <summary>A tag of an image.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Digest">What it points to.</param>
/// <param name="Size">Bytes.</param>
/// <param name="PushTime">RFC 3339, UTC.</param>
public sealed record NamedImageTag(string Name, string Digest, long Size, string PushTime);
