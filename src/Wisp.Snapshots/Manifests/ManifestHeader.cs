namespace Wisp.Snapshots.Manifests;

/// <summary>What every format of a manifest has, so that one that this Wisp cannot read still keeps what it lies on.</summary>
internal sealed record ManifestHeader
{
    public int Format { get; init; }

    public IReadOnlyList<Guid>? Layers { get; init; }
}
