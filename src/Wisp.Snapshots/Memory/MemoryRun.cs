namespace Wisp.Snapshots.Memory;

/// <summary>A piece of guest RAM that is one piece of one layer's file. Bytes, multiples of 4096.</summary>
/// <param name="Address">Where in guest RAM it begins.</param>
/// <param name="Length">How long it is; more than 0.</param>
/// <param name="Layer">Which of <see cref="MemoryMap.Layers"/> has it.</param>
/// <param name="FileOffset">Where in that layer's file it begins.</param>
public readonly record struct MemoryRun(long Address, long Length, int Layer, long FileOffset)
{
    /// <summary>The first byte of guest RAM behind it.</summary>
    public long End => Address + Length;
}
