using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wisp.Images.References;

namespace Wisp.Images;

/// <summary>
/// The image store as a directory: <c>blobs/sha256/</c> with root filesystems named by their digest, and <c>refs/</c> with a small
/// record per name and tag. Every file is written beside its place and renamed into it, so that a reader of another process sees
/// all of it or nothing.
/// </summary>
/// <param name="directory">The store.</param>
/// <param name="time">Clock for creation times.</param>
public sealed class ImageStore(string directory, TimeProvider time) : IImageStore
{
    private readonly string _blobs = Path.Combine(directory, "blobs", "sha256");
    private readonly string _refs = Path.Combine(directory, "refs");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_refs))
        {
            return [];
        }

        var images = new List<StoredImage>();
        foreach (var file in Directory.EnumerateFiles(_refs, "*.json"))
        {
            if (await ReadAsync(file, cancellation) is { } image)
            {
                images.Add(image);
            }
        }

        return [.. images.OrderByDescending(image => image.CreatedAt).ThenBy(image => image.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<Result<StoredImage>> FindAsync(string reference, CancellationToken cancellation)
    {
        if (ImageReference.Parse(reference).Failed(out var error, out var parsed))
        {
            return error;
        }

        return await ReadAsync(RecordOf(parsed.Name, parsed.Digest ?? parsed.Tag ?? ImageReference.DefaultTag), cancellation) is { } found
            ? found
            : new WispError(
                ErrorCode.NotFound, $"No image '{reference}' in this node's store.", $"Build it: wisp build DIR -t {parsed.Name}, or see 'wisp images list'.", "no-image");
    }

    /// <summary>Puts a root filesystem into the store under a name and tag.</summary>
    /// <param name="name">Repository name.</param>
    /// <param name="tag">Tag.</param>
    /// <param name="digest">Digest of the OCI manifest.</param>
    /// <param name="rootFilesystem">The erofs file; linked where possible, else copied.</param>
    /// <param name="configuration">What the image says about running it.</param>
    /// <param name="cancellation">Gives up, leaving nothing.</param>
    public async Task<Result<StoredImage>> AddAsync(
        string name, string tag, string digest, string rootFilesystem, ImageConfiguration configuration, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(_blobs);
            Directory.CreateDirectory(_refs);
            var content = await DigestAsync(rootFilesystem, cancellation);
            var blob = Path.Combine(_blobs, content);
            await using var turn = await StoreTurn.TakeAsync(directory, cancellation);
            // One of another length is the torn remains of a crash.
            if (new FileInfo(blob) is not { Exists: true } found || found.Length != new FileInfo(rootFilesystem).Length)
            {
                await LinkOrCopyAsync(rootFilesystem, blob, cancellation);
            }

            var image = new StoredImage(name, tag, digest, time.GetUtcNow(), new FileInfo(blob).Length, blob, configuration);
            var record = JsonSerializer.SerializeToUtf8Bytes(image with { RootFilesystem = content }, ImageJson.Default.StoredImage);
            // Also by digest, so that a machine finds its image after the tag has moved on.
            await WriteAsync(RecordOf(name, digest), record, cancellation);
            await WriteAsync(RecordOf(name, tag), record, cancellation);
            return image;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot store the image in {directory}: {exception.Message}", "See that the disk has room.", "disk-full");
        }
    }

    /// <inheritdoc/>
    public async Task<Result> RemoveAsync(string name, string digest, CancellationToken cancellation)
    {
        if (!Directory.Exists(_refs))
        {
            return Result.Success;
        }

        try
        {
            await using var turn = await StoreTurn.TakeAsync(directory, cancellation);
            var records = new List<(string File, StoredImage Image)>();
            foreach (var file in Directory.EnumerateFiles(_refs))
            {
                if (await ReadAsync(file, cancellation) is { } image)
                {
                    records.Add((file, image));
                }
            }

            // The records first: one without its blob would be no image, a blob without a record is only room.
            var removed = records.Where(record => record.Image.Name == name && record.Image.Digest == digest).ToArray();
            foreach (var (file, _) in removed)
            {
                File.Delete(file);
            }

            foreach (var blob in removed.Select(record => record.Image.RootFilesystem).Distinct().Except(records.Except(removed).Select(record => record.Image.RootFilesystem)))
            {
                File.Delete(blob);
            }

            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot remove the image from {directory}: {exception.Message}", "See that the disk can be written.");
        }
    }

    private string RecordOf(string name, string tag) =>
        Path.Combine(_refs, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{tag}"))) + (tag.StartsWith("sha256:", StringComparison.Ordinal) ? ".digest" : ".json"));

    private async Task<StoredImage?> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            var image = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), ImageJson.Default.StoredImage);
            // A record is only believed when its blob is there, whole.
            var blob = image is { RootFilesystem: not null, Configuration: not null } ? Path.Combine(_blobs, image.RootFilesystem) : null;
            return blob is not null && new FileInfo(blob) is { Exists: true } found && found.Length == image!.SizeBytes
                ? image with { RootFilesystem = blob }
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private static async Task<string> DigestAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private static async Task LinkOrCopyAsync(string from, string to, CancellationToken cancellation)
    {
        var temporary = $"{to}.{Guid.NewGuid():N}";
        try
        {
            if (!HardLink.TryCreate(from, temporary))
            {
                await using var source = File.OpenRead(from);
                await using var copy = File.Create(temporary);
                await source.CopyToAsync(copy, cancellation);
                copy.Flush(flushToDisk: true);
            }

            File.Move(temporary, to, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task WriteAsync(string file, byte[] bytes, CancellationToken cancellation)
    {
        var temporary = $"{file}.{Guid.NewGuid():N}";
        try
        {
            await using (var stream = File.Create(temporary))
            {
                await stream.WriteAsync(bytes, cancellation);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
