using Wisp.Layout;

namespace Wisp.Daemon.Backups;

/// <summary>What of a data directory was not there before, so that whoever makes it in vain can take it away again.</summary>
/// <param name="data">The data directory, of which nothing was made yet.</param>
internal sealed class Footprint(DataDirectory data)
{
    // Innermost first.
    private readonly string[] _missing = [.. new[] { data.Instances, data.Images, data.Vmms, data.LockFile }.Concat(WithParents(data.Root)).Where(path => !Path.Exists(path))];

    /// <summary>Takes away what is there now and empty. Only who has the lock, or failed before it was there, may: it goes, too.</summary>
    public void Remove()
    {
        foreach (var path in _missing)
        {
            try
            {
                if (path == data.LockFile)
                {
                    File.Delete(path);
                }
                else if (Directory.Exists(path))
                {
                    Directory.Delete(path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Something is in it, which somebody else put there.
            }
        }
    }

    private static IEnumerable<string> WithParents(string? path)
    {
        for (; path is not null; path = Path.GetDirectoryName(path))
        {
            yield return path;
        }
    }
}
