using Wisp.Images;
using Wisp.Layout;
using Wisp.State;

namespace Wisp.Daemon.Backups;

/// <summary>
/// Holds on to what goes into a backup while wispd goes on: a copy of the database, and second names of files that are written once and then
/// only deleted.
/// </summary>
/// <param name="data">The node.</param>
/// <param name="directory">A directory of its own, on the same filesystem.</param>
internal sealed class BackupSources(DataDirectory data, string directory)
{
    // Snapshots come and go within moments, if at all.
    private const int Tries = 20;

    /// <summary>Where the files are, laid out as in a data directory.</summary>
    public string Root => directory;

    /// <summary>Gathers them.</summary>
    /// <returns>The schema of the state, or why they cannot be had.</returns>
    public async Task<Result<long>> GatherAsync(BackupParts parts, CancellationToken cancellation)
    {
        var copy = new DataDirectory(directory);
        for (var attempt = 1; ; attempt++)
        {
            // What the state refers to is there before it does and goes after it does: so it is the same before and after the copy, or it
            // is not known whether all of it was caught.
            var before = parts.Snapshots ? LinkSnapshots(copy) : [];
            LinkMarks(copy);
            File.Delete(copy.StateDatabase);
            if ((await SqliteCopy.MakeAsync(data.StateDatabase, copy.StateDatabase, cancellation)).Failed(out var error, out var schema))
            {
                return error;
            }

            LinkMarks(copy);
            var after = parts.Snapshots ? LinkSnapshots(copy) : [];
            if (before.SetEquals(after))
            {
                if (parts.Images)
                {
                    Link(data.Images, copy.Images);
                }

                // What sleeps deeply has its address in its memory, and browsers trust this authority and no other.
                Directory.CreateDirectory(copy.Authority);
                foreach (var (from, to) in ((string, string)[])
                    [(data.TokenFile, copy.TokenFile), (data.Subnet, copy.Subnet), .. Files(data.Authority).Select(file => (file, Path.Combine(copy.Authority, Path.GetFileName(file))))])
                {
                    if (File.Exists(from))
                    {
                        File.Copy(from, to);
                    }
                }

                return schema;
            }

            if (attempt == Tries)
            {
                return new WispError(
                    ErrorCode.WrongState, "Snapshots of this node come and go faster than they can be caught.", "Try again when fewer instances fall asleep, or after 'wisp down'.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
        }
    }

    // An instance that was woken says so by an empty file: without it, it would sleep on in what is the past.
    private void LinkMarks(DataDirectory copy)
    {
        foreach (var mark in Files(data.Instances).Where(file => Path.GetFileName(file).StartsWith("woken-", StringComparison.Ordinal)))
        {
            LinkOne(mark, Path.Combine(copy.Instances, Path.GetRelativePath(data.Instances, mark)));
        }
    }

    // One that is still being written is not in its place yet, and would be another when it is read again.
    private HashSet<string> LinkSnapshots(DataDirectory copy) =>
        Link(data.Snapshots, copy.Snapshots, relative => Guid.TryParse(relative.Split('/')[0], out _));

    private static HashSet<string> Link(string from, string to, Func<string, bool>? isWanted = null)
    {
        var linked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Files(from).Where(file => isWanted?.Invoke(Path.GetRelativePath(from, file)) != false))
        {
            var relative = Path.GetRelativePath(from, file);
            if (LinkOne(file, Path.Combine(to, relative)))
            {
                linked.Add(relative);
            }
        }

        return linked;
    }

    private static bool LinkOne(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        return File.Exists(to) || HardLink.TryCreate(from, to)
            // It went meanwhile; or its filesystem is another one, and it cannot be held on to.
            || (File.Exists(from)
                ? throw new IOException($"'{from}' cannot be linked to '{to}'; is it on another filesystem than the data directory?")
                : false);
    }

    private static IEnumerable<string> Files(string below) =>
        Directory.Exists(below) ? Directory.EnumerateFiles(below, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).ToArray() : [];
}
