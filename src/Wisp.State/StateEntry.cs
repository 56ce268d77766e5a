namespace Wisp.State;

/// <summary>A stored document.</summary>
/// <param name="Key">Its key, e.g. <c>instances/7f0c…</c>.</param>
/// <param name="Value">Its bytes.</param>
/// <param name="Revision">The store's revision when it was last written; larger is later.</param>
public sealed record StateEntry(string Key, ReadOnlyMemory<byte> Value, long Revision);
