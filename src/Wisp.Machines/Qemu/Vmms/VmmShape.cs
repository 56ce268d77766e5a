namespace Wisp.Machines.Qemu.Vmms;

/// <summary>What cannot change once a VMM has started.</summary>
/// <param name="MemoryMib">Guest RAM in MiB.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
internal readonly record struct VmmShape(int MemoryMib, int Vcpus);
