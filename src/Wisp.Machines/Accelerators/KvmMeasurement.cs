namespace Wisp.Machines.Accelerators;

/// <summary>What KVM does on this host.</summary>
/// <param name="InstructionsPerSecond">Guest instructions per second at the highest privilege; 0 when it could not be measured.</param>
/// <param name="Obstacle">Why it could not, in words; null when it could.</param>
public sealed record KvmMeasurement(double InstructionsPerSecond, string? Obstacle);
