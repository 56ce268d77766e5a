using Microsoft.Extensions.Logging;

namespace Wisp.Snapshots.Files;

/// <summary>Takes away what has no name of its own: what was never finished, and what was being deleted.</summary>
internal static class Leftovers
{
    /// <summary>True for a name that marks a leftover.</summary>
    public static bool Is(string name) =>
        name.StartsWith(SnapshotFiles.Unfinished, StringComparison.Ordinal) || name.StartsWith(SnapshotFiles.Deleted, StringComparison.Ordinal);

    /// <summary>Deletes a file or directory; what cannot be deleted is tried again when the store is opened next.</summary>
    public static void Delete(string path, ILogger logger)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotDeleted(path, exception.Message);
        }
    }
}
