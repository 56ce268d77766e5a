using System.Text.Json.Serialization;

namespace Wisp.Daemon.Backups;

/// <summary>What is in a backup, as its last entry says: a file without it was cut off.</summary>
/// <param name="Format">How the file is laid out.</param>
/// <param name="Schema">Schema of the state in it.</param>
/// <param name="Version">The Wisp that made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="With">What was taken along beside the state.</param>
/// <param name="Files">Every other entry.</param>
internal sealed record BackupManifest(int Format, long Schema, string Version, DateTimeOffset CreatedAt, IReadOnlyList<string> With, IReadOnlyList<BackupFile> Files)
{
    public const string Name = "manifest.json";
    public const int KnownFormat = 1;
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Where it goes, below the data directory.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">Its digest.</param>
internal sealed record BackupFile(string Path, long Size, string Sha256);

/// <summary>Source-generated JSON of the manifest.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
