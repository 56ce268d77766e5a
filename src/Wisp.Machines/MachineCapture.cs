using Wisp.Snapshots.Memory;

namespace Wisp.Machines;

/// <summary>A machine that was captured.</summary>
/// <param name="Extents">Where in guest RAM the pages of the memory file belong. They lie over the layers that the machine's memory keeps.</param>
/// <param name="Pause">How long its virtual CPUs stood still for it; without end when they still do.</param>
/// <param name="BytesWhilePaused">How much was copied in that time.</param>
/// <param name="Trouble">What the guest said went wrong with its hook, or that it did not answer; null when all was well.</param>
public sealed record MachineCapture(IReadOnlyList<MemoryExtent> Extents, TimeSpan Pause, long BytesWhilePaused, string? Trouble);
