namespace Wisp.Machines.Consoles;

/// <summary>A range of byte positions.</summary>
/// <param name="Start">First position.</param>
/// <param name="End">Position after the last.</param>
public readonly record struct ConsoleRange(long Start, long End);
