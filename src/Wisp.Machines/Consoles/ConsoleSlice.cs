namespace Wisp.Machines.Consoles;

/// <summary>What was read of a console.</summary>
/// <param name="Range">The positions of the bytes; its length is theirs.</param>
/// <param name="Available">The window held at the time of reading.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record ConsoleSlice(ConsoleRange Range, ConsoleRange Available, ReadOnlyMemory<byte> Bytes);
