namespace Wisp.Contracts.Images;

/// <summary>Answer of pinning an image.</summary>
public sealed record PinnedImage : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>State.</summary>
    public string? State { get; init; }
    /// <summary>The image.</summary>
    public string? Url { get; init; }
    /// <summary>True: it stays.</summary>
    public bool? Persistent { get; init; }
    /// <summary><c>name:tag</c>.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
