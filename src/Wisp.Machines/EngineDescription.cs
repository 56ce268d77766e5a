namespace Wisp.Machines;

/// <summary>What an engine is.</summary>
/// <param name="Name">The VMM, e.g. <c>qemu</c>.</param>
/// <param name="Version">Its version, e.g. <c>7.2.22</c>.</param>
/// <param name="Accelerator"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="AcceleratorReason">Why that one, in plain words, with the measurement.</param>
/// <param name="MinimumMemoryMib">Guests do not boot below this, in MiB.</param>
public sealed record EngineDescription(
    string Name, string Version, string Accelerator, string AcceleratorReason, int MinimumMemoryMib);
