using Wisp.Snapshots.Memory;

namespace Wisp.Machines;

/// <summary>What a machine's RAM lies on. The machine maps it privately: it never writes to any of it.</summary>
/// <param name="Layers">Bottom first; RAM that none covers is zero.</param>
/// <param name="Kept">
/// How many of them, from the bottom, others keep as they are (a boot snapshot, a template). Later captures refer to these, and store
/// again what they need of those above, which are the machine's own and may be deleted once it runs.
/// </param>
public sealed record MachineMemory(IReadOnlyList<MemoryLayer> Layers, int Kept)
{
    /// <summary>RAM of a machine that boots: all zero.</summary>
    public static MachineMemory Empty { get; } = new([], 0);
}
