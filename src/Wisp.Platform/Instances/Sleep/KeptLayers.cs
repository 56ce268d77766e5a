using Wisp.Machines;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>The snapshots that a machine's memory lies on. Pure.</summary>
internal static class KeptLayers
{
    /// <summary>Those that are kept, bottom first: a layer is a file in a directory named by its snapshot.</summary>
    public static IReadOnlyList<Guid> Of(MachineMemory memory) =>
        [.. memory.Layers.Take(memory.Kept).Select(layer => Guid.Parse(Path.GetFileName(Path.GetDirectoryName(layer.Path))!))];
}
