using System.Runtime.InteropServices;

namespace Wisp.Images;

/// <summary>Hard links, where the filesystem has them.</summary>
public static partial class HardLink
{
    /// <summary>Makes a second name of a file. False when the two are on different filesystems or links are not to be had.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its other name.</param>
    // SAFETY: link(2) takes two paths, marshalled for the call.
    public static bool TryCreate(string from, string to) => link(from, to) == 0;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);
}
