using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Wisp.Snapshots.Manifests;

/// <summary>
/// The bytes of <c>manifest.json</c>. Its own digest is the last thing in it, so that a flipped bit shows here as it does in the files
/// that it lists.
/// </summary>
internal static class ManifestFile
{
    private static readonly string NoDigest = new('0', SHA256.HashSizeInBytes * 2);

    public static byte[] Encode(SnapshotManifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest with { Digest = NoDigest }, ManifestJson.Default.SnapshotManifest);
        var digest = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        digest.CopyTo(bytes.AsSpan(bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(NoDigest))));
        return bytes;
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The file that the bytes are from, to be named.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="uuid">The snapshot that it must be of.</param>
    /// <param name="layers">What it lies on, as far as that can be read.</param>
    /// <returns>The manifest, or what is wrong with it.</returns>
    public static Result<SnapshotManifest> Decode(string path, byte[] bytes, Guid uuid, out IReadOnlyList<Guid> layers)
    {
        layers = [];
        try
        {
            var header = JsonSerializer.Deserialize(bytes, ManifestJson.Default.ManifestHeader);
            layers = header?.Layers ?? [];
            // What comes later has other members: its format first.
            if (header?.Format > SnapshotManifest.CurrentFormat)
            {
                return SnapshotErrors.Newer(path, header.Format);
            }

            var manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.SnapshotManifest);
            return manifest is null ? SnapshotErrors.Damaged(uuid, path, "says nothing", uuid)
                : !IsWhole(bytes, manifest.Digest) ? SnapshotErrors.Damaged(uuid, path, "is not what was written: its SHA-256 is another", uuid)
                : manifest.Uuid != uuid ? SnapshotErrors.Damaged(uuid, path, $"belongs to snapshot {manifest.Uuid}", uuid)
                : SnapshotFiles.Listed.FirstOrDefault(name => manifest.Files.GetValueOrDefault(name) is null) is { } name
                    ? SnapshotErrors.Damaged(uuid, path, $"says nothing of the file {name}", uuid)
                : manifest;
        }
        catch (JsonException exception)
        {
            return SnapshotErrors.Damaged(uuid, path, $"cannot be read (line {exception.LineNumber + 1 ?? 1} of its JSON)", uuid);
        }
    }

    private static bool IsWhole(byte[] bytes, string digest)
    {
        var at = digest.Length == NoDigest.Length ? bytes.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(digest)) : -1;
        if (at < 0)
        {
            return false;
        }

        var written = bytes.ToArray();
        Encoding.ASCII.GetBytes(NoDigest).CopyTo(written, at);
        return Convert.ToHexStringLower(SHA256.HashData(written)) == digest;
    }
}
