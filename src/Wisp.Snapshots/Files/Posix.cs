using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Snapshots.Files;

/// <summary>The calls that .NET has no name for.</summary>
internal static unsafe partial class Posix
{
    public const int NoSuchFile = 2;
    public const int InvalidArgument = 22;
    public const int CrossDevice = 18;
    public const int NoSuchCall = 38;
    public const int NotSupported = 95;

    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int DirectoryOnly = 0x10000;
    private const int CloseOnExec = 0x80000;
    // _IOW(0x94, 9, int)
    private const nuint Clone = 0x40049409;

    /// <summary>What a path leads to, or the errno.</summary>
    // SAFETY: the kernel writes one struct statx, whose size a test holds, into a local that outlives the call.
    public static int Stat(string path, out Statx stat)
    {
        fixed (Statx* pointer = &stat)
        {
            return statx(CurrentDirectory, path, 0, BasicStats, pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>What an open file is, or the errno.</summary>
    // SAFETY: as above; the marshaller keeps the descriptor open through the call.
    public static int Stat(SafeFileHandle file, out Statx stat)
    {
        fixed (Statx* pointer = &stat)
        {
            return statx(file, "", EmptyPath, BasicStats, pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Copies within the kernel, which shares what is whole blocks where the filesystem can; bytes copied, 0 at the end, or minus the errno.</summary>
    // SAFETY: the offsets are locals that the kernel reads and moves on; the marshaller keeps both descriptors open through the call.
    public static long CopyRange(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        var copied = copy_file_range(from, &fromOffset, to, &toOffset, (nuint)length, 0);
        return copied >= 0 ? copied : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Makes a file share all that another holds; false where that cannot be.</summary>
    // SAFETY: FICLONE takes the source's descriptor by value, which is held while the call runs.
    public static bool TryClone(SafeFileHandle from, SafeFileHandle to)
    {
        var held = false;
        try
        {
            from.DangerousAddRef(ref held);
            return ioctl(to, Clone, from.DangerousGetHandle()) == 0;
        }
        finally
        {
            if (held)
            {
                from.DangerousRelease();
            }
        }
    }

    /// <summary>Sees the names in a directory to disk.</summary>
    /// <exception cref="IOException">It could not be done.</exception>
    // SAFETY: plain numbers and a path; the descriptor is closed on every way.
    public static void FlushDirectory(string path)
    {
        var fd = open(path, DirectoryOnly | CloseOnExec);
        if (fd < 0)
        {
            throw Failure(path, Marshal.GetLastPInvokeError());
        }

        var failed = fsync(fd) != 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = close(fd);
        if (failed != 0)
        {
            throw Failure(path, failed);
        }
    }

    /// <summary>An errno as .NET has it.</summary>
    public static IOException Failure(string path, int error) => new($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, Statx* stat);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle directory, string path, int flags, uint mask, Statx* stat);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint copy_file_range(SafeFileHandle from, long* fromOffset, SafeFileHandle to, long* toOffset, nuint length, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);
}
