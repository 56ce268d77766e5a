namespace Wisp.Machines.Qemu.Memory;

/// <summary>A range of guest RAM, in bytes; whole pages.</summary>
internal readonly record struct PageRange(long Start, long End);
