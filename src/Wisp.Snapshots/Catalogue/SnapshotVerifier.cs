using Wisp.Snapshots.Files;
using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots.Catalogue;

/// <summary>Sees whether snapshots are still what was written.</summary>
internal sealed class SnapshotVerifier(SnapshotCatalogue catalogue, VerifiedFiles files)
{
    /// <summary>Opens a snapshot with everything that it lies on.</summary>
    public async Task<Result<Snapshot>> OpenAsync(Guid uuid, Compatibility? wanted, CancellationToken cancellation)
    {
        if (catalogue.State.Records.GetValueOrDefault(uuid) is not { } known)
        {
            return SnapshotErrors.NotFound(uuid);
        }

        var record = Current(known);
        if (record.Manifest is not { } manifest)
        {
            return record.Problem!;
        }

        // Before anything large is read.
        if (wanted is not null && manifest.Compatibility.DifferenceFrom(wanted) is { } difference)
        {
            return SnapshotErrors.Incompatible(uuid, difference);
        }

        if ((await LayersAsync(manifest, withPages: true, cancellation)).Failed(out var error, out var layers)
            || (await LayerAsync(record, manifest, withPages: true, cancellation)).Failed(out error, out var own)
            || (await CheckAsync(record, SnapshotFiles.Devices, manifest, cancellation)).Failed(out error))
        {
            return error;
        }

        return new Snapshot(manifest, record.Directory, [.. layers, own], record.OwnBytes, catalogue.State.Describe(record).SharedBytes);
    }

    /// <summary>The layers that a snapshot lies on, bottom first.</summary>
    /// <param name="manifest">The snapshot; only its uuid, memory and layers are looked at.</param>
    /// <param name="withPages">False to leave the pages themselves unread, where they are not going to be used.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<IReadOnlyList<MemoryLayer>>> LayersAsync(SnapshotManifest manifest, bool withPages, CancellationToken cancellation)
    {
        var layers = new List<MemoryLayer>(manifest.Layers.Count);
        foreach (var uuid in manifest.Layers)
        {
            if (catalogue.State.Records.GetValueOrDefault(uuid) is not { } known || Current(known) is not { } below || !Directory.Exists(below.Directory))
            {
                return SnapshotErrors.MissingLayer(manifest.Uuid, uuid);
            }

            if ((await LayerAsync(below, manifest, withPages, cancellation)).Failed(out var error, out var layer))
            {
                return error;
            }

            layers.Add(layer);
        }

        return layers;
    }

    private async Task<Result<MemoryLayer>> LayerAsync(SnapshotRecord record, SnapshotManifest opened, bool withPages, CancellationToken cancellation)
    {
        if (record.Manifest is not { } manifest)
        {
            return SnapshotErrors.Below(record.Problem!, record.Name, opened.Uuid);
        }

        if (manifest.MemoryBytes != opened.MemoryBytes)
        {
            return SnapshotErrors.Damaged(
                manifest.Uuid, record.ManifestPath, $"is of a guest with {manifest.MemoryBytes} bytes of RAM instead of {opened.MemoryBytes}", opened.Uuid);
        }

        if ((withPages && (await CheckAsync(record, SnapshotFiles.Memory, opened, cancellation)).Failed(out var error))
            || (await CheckAsync(record, SnapshotFiles.Index, opened, cancellation)).Failed(out error))
        {
            return error;
        }

        var index = Path.Combine(record.Directory, SnapshotFiles.Index);
        try
        {
            return MemoryLayerIndex.Decode(await File.ReadAllBytesAsync(index, cancellation), record.MemoryFileBytes, manifest.MemoryBytes, out var extents) is { } problem
                ? SnapshotErrors.Damaged(manifest.Uuid, index, $"is refused: {problem}", opened.Uuid)
                : new MemoryLayer(Path.Combine(record.Directory, SnapshotFiles.Memory), extents);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SnapshotErrors.Damaged(manifest.Uuid, index, $"cannot be read ({exception.Message})", opened.Uuid);
        }
    }

    private async Task<Result> CheckAsync(SnapshotRecord record, string name, SnapshotManifest opened, CancellationToken cancellation)
    {
        var path = Path.Combine(record.Directory, name);
        return await files.ProblemAsync(path, record.Manifest!.Files[name], cancellation) is { } problem
            ? SnapshotErrors.Damaged(record.Manifest.Uuid, path, problem, opened.Uuid)
            : Result.Success;
    }

    // As it is on disk now: somebody may have damaged or mended it since the store was opened.
    private static SnapshotRecord Current(SnapshotRecord known)
    {
        try
        {
            return known.ManifestStamp is { } stamp && FileStamp.Of(known.ManifestPath) == stamp ? known : SnapshotReader.Read(known.Directory);
        }
        catch (IOException)
        {
            return SnapshotReader.Read(known.Directory);
        }
    }
}
