using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>What is written of an instance that is frozen. Pure.</summary>
internal static class Freezing
{
    /// <summary>The manifest of a snapshot of an instance.</summary>
    /// <param name="record">The instance; it has had a machine.</param>
    /// <param name="layers">What its memory lies on.</param>
    public static SnapshotManifest Describe(InstanceRecord record, IReadOnlyList<Guid> layers) => new()
    {
        MemoryBytes = (long)record.MemoryMb << 20,
        Vcpus = record.Vcpus,
        Layers = layers,
        Compatibility = record.Compatibility!,
        Disk = new SnapshotDisk(record.ImageName, record.ImageDigest),
        Parent = layers is [.., var below] ? below : null,
        Source = new SnapshotSource(record.Uuid, record.Name),
    };
}
