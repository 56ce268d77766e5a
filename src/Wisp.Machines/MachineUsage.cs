namespace Wisp.Machines;

/// <summary>What a machine uses of its host.</summary>
/// <param name="ResidentBytes">Resident memory of the VMM process, guest RAM included.</param>
/// <param name="CpuTime">CPU time it has used so far.</param>
public readonly record struct MachineUsage(long ResidentBytes, TimeSpan CpuTime);
