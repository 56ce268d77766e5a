namespace Wisp.Machines;

/// <summary>How a machine ended.</summary>
/// <param name="Cause">Which kind of end.</param>
/// <param name="ExitCode">The entrypoint's exit code (0–255, 128 + signal), when it is known.</param>
/// <param name="Detail">In words, for the log and for the user: a panic's first line, the VMM's last words, why the entrypoint did not start.</param>
public sealed record MachineExit(MachineExitCause Cause, int? ExitCode, string? Detail);
