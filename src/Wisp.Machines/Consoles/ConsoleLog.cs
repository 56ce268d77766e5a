using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines.Consoles;

/// <summary>
/// The ring as a file that only ever grows in its logical size, while the disk blocks of what is too old are given back
/// (fallocate(2), FALLOC_FL_PUNCH_HOLE). So a byte position is simply a file offset, the VMM just appends, and everything survives
/// the death of anybody.
/// </summary>
/// <param name="path">The file; one that does not exist is an empty log.</param>
public sealed partial class ConsoleLog(string path) : IConsoleLog
{
    /// <summary>Name of the file in a machine's directory.</summary>
    public const string FileName = "console.log";

    /// <summary>How many bytes are kept.</summary>
    public const long Window = 1024 * 1024;

    private const long BlockSize = 4096;
    private const int KeepSize = 1, PunchHole = 2;

    /// <inheritdoc/>
    public ConsoleRange Available => RangeOf(Length());

    /// <inheritdoc/>
    public ConsoleSlice Read(long offset, int limit)
    {
        var available = Available;
        var start = Math.Clamp(offset < 0 ? available.End + offset : offset, available.Start, available.End);
        var length = (int)Math.Clamp(available.End - start, 0, Math.Max(limit, 0));
        if (length == 0)
        {
            return new ConsoleSlice(new ConsoleRange(start, start), available, ReadOnlyMemory<byte>.Empty);
        }

        var bytes = new byte[length];
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var read = RandomAccess.Read(file, bytes, start);
        // What left the window meanwhile may have been trimmed while it was read.
        var now = Available;
        var gone = (int)Math.Clamp(now.Start - start, 0, read);
        return new ConsoleSlice(new ConsoleRange(start + gone, start + read), now, bytes.AsMemory(gone, read - gone));
    }

    /// <inheritdoc/>
    public void Trim()
    {
        var start = RangeOf(Length()).Start / BlockSize * BlockSize;
        if (start == 0)
        {
            return;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // SAFETY: the handle is open for the call. A filesystem without holes refuses, and then the file keeps its blocks.
        _ = fallocate(file, PunchHole | KeepSize, 0, start);
    }

    private static ConsoleRange RangeOf(long length) => new(Math.Max(0, length - Window), length);

    private long Length() => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);
}
