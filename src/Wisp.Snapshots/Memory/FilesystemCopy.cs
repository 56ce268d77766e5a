using Wisp.Snapshots.Files;

namespace Wisp.Snapshots.Memory;

/// <summary>How a filesystem copies.</summary>
public static class FilesystemCopy
{
    /// <summary>Tries whether files in a directory can share what they hold (FICLONE). It writes there for a moment.</summary>
    /// <returns><see cref="CopyMethod.Reflink"/> or <see cref="CopyMethod.Copy"/>; the latter also where nothing can be written.</returns>
    public static CopyMethod Describe(string directory)
    {
        try
        {
            using var from = Probe(directory);
            using var to = Probe(directory);
            from.Write(new byte[MemoryLayerIndex.PageSize]);
            from.Flush();
            return Posix.TryClone(from.SafeFileHandle, to.SafeFileHandle) ? CopyMethod.Reflink : CopyMethod.Copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return CopyMethod.Copy;
        }
    }

    private static FileStream Probe(string directory) =>
        File.Create(Path.Combine(directory, $"{SnapshotFiles.Unfinished}probe-{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose);
}
