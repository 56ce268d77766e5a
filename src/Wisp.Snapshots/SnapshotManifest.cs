using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wisp.Snapshots;

/// <summary>
/// What is written of a snapshot beside its files, as <c>manifest.json</c>. What has a value without being set is filled in when a
/// draft is committed.
/// </summary>
public sealed record SnapshotManifest
{
    /// <summary>The format that this Wisp writes, and the highest that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of this document and of the directory around it. Filled in.</summary>
    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The snapshot. Filled in.</summary>
    [JsonRequired]
    public Guid Uuid { get; init; }

    /// <summary>What it was made for. Filled in.</summary>
    [JsonRequired]
    public SnapshotKind Kind { get; init; }

    /// <summary>When it was made. Filled in.</summary>
    [JsonRequired]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Guest RAM, in bytes; a multiple of 4096.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>
    /// The snapshots whose memory lies below this one's own, bottom first: of a snapshot of a clone, the <see cref="Stack"/> of what
    /// it was cloned from. A long stack is folded when it is committed, so what is committed may have fewer.
    /// </summary>
    public IReadOnlyList<Guid> Layers { get; init; } = [];

    /// <summary>What a restored machine must have in common with the frozen one.</summary>
    public required Compatibility Compatibility { get; init; }

    /// <summary>The root filesystem below the guest's overlay.</summary>
    public required SnapshotDisk Disk { get; init; }

    /// <summary>What it is found by (<see cref="ISnapshotStore.FindByKey"/>), or null.</summary>
    public string? Key { get; init; }

    /// <summary>The snapshot that the frozen instance was restored from, or null. For the history only: it need not exist any more.</summary>
    public Guid? Parent { get; init; }

    /// <summary>The instance that was frozen.</summary>
    public required SnapshotSource Source { get; init; }

    /// <summary>How long the frozen machine stood still for it, in microseconds; null where it did not run on.</summary>
    public long? PauseUs { get; init; }

    /// <summary>What the platform wants to remember, opaque here.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>How its pages came here from other files. Filled in when its stack was folded.</summary>
    public CopyMethod CopiedBy { get; init; }

    /// <summary>Its files by name, without the manifest. Filled in.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, SnapshotFile> Files { get; init; } = new Dictionary<string, SnapshotFile>(StringComparer.Ordinal);

    /// <summary>SHA-256 of the manifest with zeros in this place, lower-case hexadecimal. Filled in.</summary>
    [JsonRequired, JsonPropertyOrder(int.MaxValue)]
    public string Digest { get; init; } = "";

    /// <summary>All its layers, bottom first, itself last.</summary>
    [JsonIgnore]
    public IReadOnlyList<Guid> Stack => [.. Layers, Uuid];
}
