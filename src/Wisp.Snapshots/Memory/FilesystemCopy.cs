namespace Wisp.Snapshots.Memory;

/// <summary>How a filesystem copies.</summary>
public static class FilesystemCopy
{
    /// <summary>Tries whether files in a directory can share what they hold (FICLONE). It writes there for a moment.</summary>
    /// <returns><see cref="CopyMethod.Reflink"/> or <see cref="CopyMethod.Copy"/>; the latter also where nothing can be written.</returns>
    public static CopyMethod Describe(string directory) => throw new NotSupportedException();
}
