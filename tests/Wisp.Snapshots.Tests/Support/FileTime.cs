using System.Runtime.InteropServices;

namespace Wisp.Snapshots.Tests.Support;

/// <summary>Sets a file's time of modification to the nanosecond, which .NET does not.</summary>
internal static partial class FileTime
{
    private const long LeaveAsItIs = (1L << 30) - 2;

    // SAFETY: utimensat(2) reads two struct timespec, which are two 64-bit numbers each on x86-64.
    public static void Set(string path, long nanoseconds) =>
        Assert.Equal(0, utimensat(-100, path, [0, LeaveAsItIs, nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000], 0));

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(int directory, string path, long[] times, int flags);
}
