using Microsoft.Win32.SafeHandles;

namespace Wisp.Snapshots.Files;

/// <summary>
/// Which file it is and when it was last changed: as long as this is equal, so is what is in it. Nobody can set the time of change
/// (ctime), as the time of modification can be; time is in nanoseconds.
/// </summary>
internal readonly record struct FileStamp(ulong Device, ulong Inode, long Size, long Modified, long Changed)
{
    /// <summary>That of a path, or null when there is nothing.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public static FileStamp? Of(string path) => Posix.Stat(path, out var stat) switch
    {
        0 => From(stat),
        Posix.NoSuchFile => null,
        var error => throw Posix.Failure(path, error),
    };

    /// <summary>That of an open file.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    public static FileStamp Of(SafeFileHandle file) => Posix.Stat(file, out var stat) is var error and not 0 ? throw Posix.Failure("", error) : From(stat);

    private static FileStamp From(in Statx stat) => new(
        ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor,
        stat.Inode,
        stat.Size,
        (stat.ModifiedSeconds * 1_000_000_000) + stat.ModifiedNanoseconds,
        (stat.ChangedSeconds * 1_000_000_000) + stat.ChangedNanoseconds);
}
