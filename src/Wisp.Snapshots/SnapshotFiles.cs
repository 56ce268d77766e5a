namespace Wisp.Snapshots;

/// <summary>Names within a snapshot's directory and beside it.</summary>
internal static class SnapshotFiles
{
    public const string Memory = "memory";
    public const string Index = "memory.index";
    public const string Devices = "devices";
    public const string Manifest = "manifest.json";

    /// <summary>What a manifest lists.</summary>
    public static readonly string[] Listed = [Memory, Index, Devices];

    /// <summary>A directory that is being written has this before its uuid; so has everything else that may go at the next start.</summary>
    public const string Unfinished = ".new-";

    /// <summary>A directory that is being deleted has this before its uuid.</summary>
    public const string Deleted = ".gone-";

    /// <summary>The snapshot that a directory's name means, or null; one in capitals would be another directory.</summary>
    public static Guid? UuidOf(string name) => Guid.TryParseExact(name, "D", out var uuid) && name == uuid.ToString() ? uuid : null;
}
