using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace Wisp.Images.Building;

/// <summary>
/// A digest over everything a build can read: names, modes, links and contents of the context, whatever <c>.dockerignore</c> says
/// (ignoring more than buildah does would reuse a stale image; ignoring less only builds once too often).
/// </summary>
internal static class ContextDigest
{
    /// <summary>Computes it.</summary>
    /// <param name="directory">The build context.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string> ComputeAsync(string directory, CancellationToken cancellation)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // A link to a directory is a link: what it leads to is not part of the context, and may lead back.
        var entries = new FileSystemEnumerable<FileSystemInfo>(
            directory,
            (ref entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
        {
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        foreach (var entry in entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(directory, entry.FullName);
            all.AppendData(Encoding.UTF8.GetBytes($"{name}\0{(int)entry.UnixFileMode}\0{entry.LinkTarget}\0"));
            if (entry is FileInfo { LinkTarget: null, Length: > 0 } file && file.UnixFileMode != UnixFileMode.None)
            {
                // A pipe or socket has no length, and opening it would wait for ever.
                await using var stream = file.OpenRead();
                all.AppendData(await SHA256.HashDataAsync(stream, cancellation));
            }
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
