using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Wisp.Snapshots.Files;

/// <summary>
/// Digests of files, each computed once for as long as the file does not change. Kept in this process's memory only: after a restart
/// everything is looked at again.
/// </summary>
internal sealed class VerifiedFiles
{
    private readonly ConcurrentDictionary<string, HashedFile> _known = new(StringComparer.Ordinal);
    // One at a time: when a thousand clones ask for the same file, the first one reads it and the others find it known.
    private readonly SemaphoreSlim _reading = new(1, 1);

    /// <summary>What is wrong with a file, or null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<string?> ProblemAsync(string path, SnapshotFile expected, CancellationToken cancellation)
    {
        try
        {
            if (SizeProblem(path, expected, out var stamp) is { } problem)
            {
                return problem;
            }

            if (!_known.TryGetValue(path, out var known) || known.Stamp != stamp)
            {
                known = await ReadAsync(path, cancellation);
            }

            return known.Sha256 == expected.Sha256 && known.Stamp.Size == expected.Bytes ? null : "is not what was written: its SHA-256 is another";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read ({exception.Message})";
        }
    }

    /// <summary>What is wrong with a file as far as a stat call shows, or null.</summary>
    /// <exception cref="IOException">Not even that can be found out.</exception>
    public static string? SizeProblem(string path, SnapshotFile expected, out FileStamp stamp)
    {
        var found = FileStamp.Of(path);
        stamp = found.GetValueOrDefault();
        return found is null ? "is missing"
            : stamp.Size != expected.Bytes ? $"has {stamp.Size} bytes instead of {expected.Bytes}"
            : null;
    }

    /// <summary>Remembers what this process has written, which nobody else has touched since.</summary>
    public void Remember(string path, HashedFile file) => _known[path] = file;

    /// <summary>Forgets the files of a directory that is gone.</summary>
    public void Forget(string directory)
    {
        foreach (var name in SnapshotFiles.Listed)
        {
            _known.TryRemove(Path.Combine(directory, name), out _);
        }
    }

    /// <summary>Reads a file and computes its digest, with the stamp it had before and after.</summary>
    /// <exception cref="IOException">It cannot be read, or was written to meanwhile.</exception>
    public static async Task<HashedFile> HashAsync(string path, bool flush, CancellationToken cancellation)
    {
        await using var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        if (flush)
        {
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }

        var before = FileStamp.Of(stream.SafeFileHandle);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1024 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return before == FileStamp.Of(stream.SafeFileHandle)
            ? new HashedFile(before, Convert.ToHexStringLower(hash.GetHashAndReset()))
            : throw new IOException($"It was written to while it was read : '{path}'");
    }

    private async Task<HashedFile> ReadAsync(string path, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_known.TryGetValue(path, out var known) && known.Stamp == FileStamp.Of(path))
            {
                return known;
            }

            return _known[path] = await HashAsync(path, flush: false, cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }
}
