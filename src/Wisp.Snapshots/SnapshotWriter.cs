using Microsoft.Extensions.Logging;
using Wisp.Snapshots.Catalogue;
using Wisp.Snapshots.Files;
using Wisp.Snapshots.Manifests;
using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots;

/// <summary>Makes snapshots of drafts: written beside their place, seen to disk, and only then named.</summary>
internal sealed class SnapshotWriter(
    string root, CopyMethod copiesBy, SnapshotCatalogue catalogue, SnapshotVerifier verifier, VerifiedFiles files, TimeProvider time, ILogger logger)
{
    public Result Hold(Guid draft, IReadOnlyList<Guid> layers) =>
        catalogue.Hold(draft, layers) is { } missing ? SnapshotErrors.LayerGone(missing, $"snapshot {draft}") : Result.Success;

    public async Task<Result<Snapshot>> CommitAsync(SnapshotDraft draft, SnapshotManifest manifest, IReadOnlyList<MemoryExtent> extents, CancellationToken cancellation)
    {
        var memory = new FileInfo(draft.MemoryPath);
        if (!memory.Exists || !File.Exists(draft.DevicesPath))
        {
            throw new InvalidOperationException($"{draft.Directory} cannot be committed before memory and devices are written.");
        }

        if (MemoryLayerIndex.Problem(extents, memory.Length, manifest.MemoryBytes) is { } problem)
        {
            throw new ArgumentException($"{draft.MemoryPath}: {problem}.", nameof(extents));
        }

        var place = Path.Combine(root, draft.Id.ToString());
        manifest = manifest with
        {
            Format = SnapshotManifest.CurrentFormat,
            Uuid = draft.Id,
            Kind = draft.Kind,
            CreatedAt = time.GetUtcNow(),
            // It may be part of a document that its owner disposes.
            Metadata = manifest.Metadata?.Clone(),
        };
        try
        {
            var deep = manifest.Layers.Count >= SnapshotStore.MaximumDepth;
            if (Hold(draft.Id, manifest.Layers).Failed(out var error)
                || (await verifier.LayersAsync(manifest, withPages: deep, cancellation)).Failed(out error, out var below))
            {
                return error;
            }

            if (deep)
            {
                if ((await Task.Run(() => Fold(draft, manifest.MemoryBytes, below, extents, cancellation), CancellationToken.None)).Failed(out error, out var folded))
                {
                    return error;
                }

                (extents, below) = (folded.Extents, [below[0]]);
                manifest = manifest with { Layers = [manifest.Layers[0]], CopiedBy = copiesBy };
            }

            var record = await WriteAsync(draft, manifest, place, extents, cancellation);
            catalogue.Put(draft.Id, record);
            logger.Written(draft.Id, draft.Kind, record.OwnBytes, below.Count);
            return new Snapshot(
                record.Manifest!, place, [.. below, new MemoryLayer(Path.Combine(place, SnapshotFiles.Memory), extents)],
                record.OwnBytes, catalogue.State.Describe(record).SharedBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Leftovers.Delete(place, logger);
            return SnapshotErrors.CannotWrite(draft.Directory, exception);
        }
    }

    public void Discard(SnapshotDraft draft) => Leftovers.Delete(draft.Directory, logger);

    public void Release(SnapshotDraft draft) => catalogue.Release(draft.Id);

    // All but the lowest layer, which is the one that most machines share: so every page is copied once in MaximumDepth snapshots at most.
    private static Result<MemoryLayer> Fold(
        SnapshotDraft draft, long memoryBytes, IReadOnlyList<MemoryLayer> below, IReadOnlyList<MemoryExtent> extents, CancellationToken cancellation)
    {
        var folded = draft.MemoryPath + ".folded";
        if (MemoryLayerMerger.Merge(memoryBytes, [.. below.Skip(1), new MemoryLayer(draft.MemoryPath, extents)], folded, cancellation).Failed(out var error, out var layer))
        {
            return error;
        }

        // Whoever may read the pages of the draft may read these.
        File.SetUnixFileMode(folded, File.GetUnixFileMode(draft.MemoryPath));
        File.Move(folded, draft.MemoryPath, overwrite: true);
        return layer;
    }

    private async Task<SnapshotRecord> WriteAsync(
        SnapshotDraft draft, SnapshotManifest manifest, string place, IReadOnlyList<MemoryExtent> extents, CancellationToken cancellation)
    {
        await WriteAsync(Path.Combine(draft.Directory, SnapshotFiles.Index), MemoryLayerIndex.Encode(extents), cancellation);
        var hashed = new Dictionary<string, HashedFile>(StringComparer.Ordinal);
        foreach (var name in SnapshotFiles.Listed)
        {
            hashed[name] = await VerifiedFiles.HashAsync(Path.Combine(draft.Directory, name), flush: true, cancellation);
        }

        manifest = manifest with { Files = hashed.ToDictionary(file => file.Key, file => new SnapshotFile(file.Value.Stamp.Size, file.Value.Sha256), StringComparer.Ordinal) };
        var bytes = ManifestFile.Encode(manifest);
        await WriteAsync(Path.Combine(draft.Directory, SnapshotFiles.Manifest), bytes, cancellation);
        var stamp = await VerifiedFiles.HashAsync(Path.Combine(draft.Directory, SnapshotFiles.Manifest), flush: true, cancellation);
        Directory.SetLastWriteTimeUtc(draft.Directory, manifest.CreatedAt.UtcDateTime);
        Posix.FlushDirectory(draft.Directory);
        Directory.Move(draft.Directory, place);
        Posix.FlushDirectory(root);
        // The directory's name is another, the files are the same.
        foreach (var (name, file) in hashed)
        {
            files.Remember(Path.Combine(place, name), file);
        }

        return SnapshotReader.Of(place, manifest, stamp.Stamp, manifest.CreatedAt);
    }

    private static Task WriteAsync(string path, byte[] bytes, CancellationToken cancellation)
    {
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        return File.WriteAllBytesAsync(path, bytes, cancellation);
    }
}
