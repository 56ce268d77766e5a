namespace Wisp.Machines;

/// <summary>How long it took to have a machine. Zeros for one that was taken over.</summary>
/// <param name="Start">Until there was a VMM that can be spoken to; next to nothing when a blank one was ready.</param>
/// <param name="Load">From there until it had its guest: memory laid, files in place, device state read.</param>
/// <param name="Ready">From the beginning until its virtual CPUs ran.</param>
public readonly record struct MachineTimings(TimeSpan Start, TimeSpan Load, TimeSpan Ready);
