using Wisp.Snapshots.Files;
using Wisp.Snapshots.Manifests;

namespace Wisp.Snapshots.Catalogue;

/// <summary>Reads what a directory says of itself; whatever that is, there is a record of it.</summary>
internal static class SnapshotReader
{
    public static SnapshotRecord Read(string directory)
    {
        var name = Path.GetFileName(directory);
        try
        {
            return SnapshotFiles.UuidOf(name) is not { } uuid
                ? Unusable(directory, name, [], SnapshotErrors.Unreadable(directory, "is not a snapshot: its name is no uuid"))
                : !Path.Exists(directory)
                ? Unusable(directory, name, [], SnapshotErrors.Unreadable(directory, "is missing"))
                : !Directory.Exists(directory)
                ? Unusable(directory, name, [], SnapshotErrors.Unreadable(directory, "is not a snapshot: it is no directory"))
                : Read(directory, name, uuid);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unusable(directory, name, [], SnapshotErrors.Unreadable(directory, $"cannot be read ({exception.Message})"));
        }
    }

    /// <summary>A record of a snapshot that was found or written.</summary>
    public static SnapshotRecord Of(string directory, SnapshotManifest manifest, FileStamp stamp, DateTimeOffset lastUsed) => new()
    {
        Name = manifest.Uuid.ToString(),
        Directory = directory,
        Manifest = manifest,
        ManifestStamp = stamp,
        Layers = manifest.Layers,
        OwnBytes = stamp.Size + manifest.Files.Values.Sum(file => file.Bytes),
        LastUsedAt = lastUsed,
    };

    private static SnapshotRecord Read(string directory, string name, Guid uuid)
    {
        var path = Path.Combine(directory, SnapshotFiles.Manifest);
        if (!File.Exists(path))
        {
            return Unusable(directory, name, [], SnapshotErrors.Damaged(uuid, path, "is missing", uuid));
        }

        byte[] bytes;
        FileStamp stamp;
        using (var file = File.OpenHandle(path))
        {
            stamp = FileStamp.Of(file);
            bytes = new byte[stamp.Size];
            bytes = bytes[..RandomAccess.Read(file, bytes, 0)];
        }

        if (ManifestFile.Decode(path, bytes, uuid, out var layers).Failed(out var error, out var manifest))
        {
            return Unusable(directory, name, layers, error);
        }

        foreach (var file in SnapshotFiles.Listed)
        {
            var place = Path.Combine(directory, file);
            if (VerifiedFiles.SizeProblem(place, manifest.Files[file], out _) is { } problem)
            {
                return Unusable(directory, name, layers, SnapshotErrors.Damaged(uuid, place, problem, uuid));
            }
        }

        return Of(directory, manifest, stamp, LastWrite(directory));
    }

    private static SnapshotRecord Unusable(string directory, string name, IReadOnlyList<Guid> layers, WispError problem) => new()
    {
        Name = name,
        Directory = directory,
        Layers = layers,
        Problem = problem,
        OwnBytes = Size(directory),
        LastUsedAt = LastWrite(directory),
    };

    private static DateTimeOffset LastWrite(string path) => new(Directory.GetLastWriteTimeUtc(path), TimeSpan.Zero);

    private static long Size(string path)
    {
        try
        {
            return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length) : new FileInfo(path).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
