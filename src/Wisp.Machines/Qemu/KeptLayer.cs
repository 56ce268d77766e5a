using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Qemu;

/// <summary>A layer that others keep, found again by an engine that did not lay RAM onto it itself.</summary>
internal static class KeptLayer
{
    /// <summary>Reads it; one whose index cannot be read has no extents, and then RAM cannot be laid onto it again.</summary>
    public static MemoryLayer Read(string directory, long memoryBytes)
    {
        var path = Path.Combine(directory, "memory");
        try
        {
            var index = File.ReadAllBytes(Path.Combine(directory, "memory.index"));
            return new MemoryLayer(path, MemoryLayerIndex.Decode(index, new FileInfo(path).Length, memoryBytes, out var extents) is null ? extents : []);
        }
        catch (IOException)
        {
            return new MemoryLayer(path, []);
        }
    }
}
