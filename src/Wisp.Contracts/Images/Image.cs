namespace Wisp.Contracts.Images;

/// <summary>An image (platform API, "Images").</summary>
public sealed record Image : Item
{
    /// <summary><c>name@sha256:…</c>.</summary>
    public string? Url { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>False: it is a root filesystem of an OCI image.</summary>
    public bool? InitrdOrRom { get; init; }
    /// <summary>Bytes.</summary>
    public long? SizeInBytes { get; init; }
    /// <summary>ENTRYPOINT and CMD.</summary>
    public IReadOnlyList<string>? Args { get; init; }
    /// <summary>ENV.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    /// <summary><c>name:tag</c>.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
    /// <summary>True: the node's store keeps it.</summary>
    public bool? Persistent { get; init; }
}
