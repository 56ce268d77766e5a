namespace Wisp.Machines.Consoles;

/// <summary>
/// The console of an instance as a ring of bytes: positions count from the instance's first byte ever and survive restarts of
/// guest and host; only the newest part is kept.
/// </summary>
public interface IConsoleLog
{
    /// <summary>The window still held: <c>Start</c> inclusive, <c>End</c> exclusive, byte positions.</summary>
    ConsoleRange Available { get; }

    /// <summary>
    /// Reads. A negative offset counts from the end; one before the window starts at the window; one beyond the end gives an
    /// empty answer there. The returned range is exactly what was read.
    /// </summary>
    /// <param name="offset">Where to start.</param>
    /// <param name="limit">How many bytes at most.</param>
    ConsoleSlice Read(long offset, int limit);

    /// <summary>Gives back the disk space of what is older than the window.</summary>
    void Trim();
}
