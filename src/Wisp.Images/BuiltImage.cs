namespace Wisp.Images;

/// <summary>The outcome of a build.</summary>
/// <param name="Image">The stored image.</param>
/// <param name="Reused">True when the input was unchanged and nothing was built.</param>
public sealed record BuiltImage(StoredImage Image, bool Reused);
