namespace Wisp.Snapshots.Memory;

/// <summary>A piece of guest RAM and where a layer's file has it. All three are bytes and multiples of 4096.</summary>
/// <param name="Address">Where in guest RAM it begins.</param>
/// <param name="Length">How long it is; more than 0.</param>
/// <param name="FileOffset">Where in the file it begins.</param>
public readonly record struct MemoryExtent(long Address, long Length, long FileOffset)
{
    /// <summary>The first byte of guest RAM behind it.</summary>
    public long End => Address + Length;
}
