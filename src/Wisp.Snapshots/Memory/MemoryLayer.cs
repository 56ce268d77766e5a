namespace Wisp.Snapshots.Memory;

/// <summary>A file of packed 4 KiB pages of guest RAM. What no layer covers is zero.</summary>
/// <param name="Path">The file.</param>
/// <param name="Extents">What it holds, by address, disjoint.</param>
public sealed record MemoryLayer(string Path, IReadOnlyList<MemoryExtent> Extents);
