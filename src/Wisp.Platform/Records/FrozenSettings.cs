using System.Text.Json;
using Wisp.Snapshots;

namespace Wisp.Platform.Records;

/// <summary>What is frozen with a memory and cannot be another in its copies; kept in the snapshot's manifest.</summary>
internal sealed record FrozenSettings(IReadOnlyList<string>? Args, IReadOnlyDictionary<string, string>? Env, string Hostname, IReadOnlyList<int>? OpenPorts)
{
    /// <summary>Whether ports are open in whatever goes on from a snapshot. One that says nothing of them was made when all were.</summary>
    public static bool HasOpen(SnapshotManifest manifest, IEnumerable<int> ports) =>
        manifest.Metadata is not { } written || Read(written)?.OpenPorts is not { } open || ports.All(open.Contains);

    private static FrozenSettings? Read(JsonElement written) => written.Deserialize(RecordJson.Default.FrozenSettings);
}
