namespace Wisp.Snapshots.Memory;

/// <summary>Makes one layer of several.</summary>
public static class MemoryLayerMerger
{
    /// <summary>Writes a layer that holds what is visible of a stack of layers.</summary>
    /// <param name="memoryBytes">Guest RAM, in bytes.</param>
    /// <param name="layers">Bottom first.</param>
    /// <param name="path">The file to write; it must not exist. The pages are packed by address.</param>
    /// <param name="cancellation">Gives up and deletes the file.</param>
    /// <returns>The new layer, or why it could not be written; then there is no file.</returns>
    public static Result<MemoryLayer> Merge(long memoryBytes, IReadOnlyList<MemoryLayer> layers, string path, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
