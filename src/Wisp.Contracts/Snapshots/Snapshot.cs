namespace Wisp.Contracts.Snapshots;

/// <summary>The files of a frozen machine. Wisp's own; the platform API has no list of them.</summary>
public sealed record Snapshot : Item
{
    /// <summary><c>boot</c>, <c>hibernation</c>, <c>template</c>, <c>checkpoint</c>, <c>fork</c> or <c>branch</c>.</summary>
    public string? Kind { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>When it was restored last, RFC 3339, UTC.</summary>
    public string? LastUsedAt { get; init; }
    /// <summary>Name of the instance that was frozen.</summary>
    public string? Source { get; init; }
    /// <summary>Microseconds that the frozen machine stood still for it; absent where it did not run on.</summary>
    public long? PauseUs { get; init; }
    /// <summary>Guest RAM, in bytes.</summary>
    public long? MemoryBytes { get; init; }
    /// <summary>Bytes of its own files.</summary>
    public long? OwnBytes { get; init; }
    /// <summary>Bytes of the layers below, which it shares.</summary>
    public long? SharedBytes { get; init; }
    /// <summary>Snapshots that its memory lies on, lowest first.</summary>
    public IReadOnlyList<string>? Layers { get; init; }
    /// <summary>Snapshots whose memory lies on it.</summary>
    public IReadOnlyList<string>? Above { get; init; }
    /// <summary>Who needs it, as <c>instance web</c>.</summary>
    public IReadOnlyList<string>? Users { get; init; }
    /// <summary>Why it cannot be used.</summary>
    public string? Problem { get; init; }
    /// <summary>How this node's filesystem copies pages: <c>reflink</c> or <c>copy</c>.</summary>
    public string? CopiesBy { get; init; }
}
