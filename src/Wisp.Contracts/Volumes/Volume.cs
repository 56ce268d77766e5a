namespace Wisp.Contracts.Volumes;

/// <summary>A volume (platform API, "Volumes").</summary>
public sealed record Volume : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>State.</summary>
    public string? State { get; init; }
    /// <summary>MiB.</summary>
    public long? SizeMb { get; init; }
    /// <summary>False when it goes with its last instance.</summary>
    public bool? Persistent { get; init; }
    /// <summary>Instances that have it.</summary>
    public IReadOnlyList<VolumeInstance>? AttachedTo { get; init; }
    /// <summary>Instances that use it now.</summary>
    public IReadOnlyList<VolumeInstance>? MountedBy { get; init; }
    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
    /// <summary><c>static</c> or <c>dynamic</c>.</summary>
    public string? QuotaPolicy { get; init; }
    /// <summary>True when it cannot be deleted.</summary>
    public bool? DeleteLock { get; init; }
    /// <summary>MiB that are free.</summary>
    public long? FreeMb { get; init; }
    /// <summary><c>ext4</c> or <c>virtiofs</c>.</summary>
    public string? Filesystem { get; init; }
    /// <summary>Directory of the host.</summary>
    public string? HostPath { get; init; }
    /// <summary><c>rwo</c>, <c>rox</c> or <c>rwx</c>.</summary>
    public string? AccessMode { get; init; }
    /// <summary>Owner.</summary>
    public int? Uid { get; init; }
    /// <summary>Group.</summary>
    public int? Gid { get; init; }
    /// <summary>Arguments.</summary>
    public IReadOnlyDictionary<string, string>? Args { get; init; }
    /// <summary>What a change called it.</summary>
    public string? Id { get; init; }
}
