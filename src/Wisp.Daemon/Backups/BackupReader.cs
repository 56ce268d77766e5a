using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Wisp.State;

namespace Wisp.Daemon.Backups;

/// <summary>Lays a backup out in a directory and checks it: nothing of it counts before all of it is as it was written.</summary>
internal static class BackupReader
{
    private static readonly string[] Folders = ["instances/", "images/", "snapshots/", "ca/"];

    /// <summary>Lays it out.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is in it, or why it is refused.</returns>
    public static async Task<Result<BackupManifest>> UnpackAsync(string file, string directory, CancellationToken cancellation)
    {
        var found = new HashSet<BackupFile>();
        return (await ReadAsync(file, async entry => found.Add(await UnpackAsync(entry, directory, cancellation)), cancellation)).Failed(out var error, out var manifest) ? error
            : manifest.Files.FirstOrDefault(wanted => !found.Contains(wanted)) is { } missed ? Torn(file, $"'{missed.Path}' is missing or not as it was written.")
            : !found.Any(entry => entry.Path == "state.db") ? Torn(file, "It has no state.")
            : found.Count != manifest.Files.Count ? Torn(file, "It holds more than its manifest says.")
            : manifest;
    }

    /// <summary>Whether it is one that this version knows, as far as that can be seen without its contents.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result> CheckAsync(string file, CancellationToken cancellation) =>
        (await ReadAsync(file, _ => Task.CompletedTask, cancellation)).Failed(out var error, out _) ? error : Result.Success;

    private static async Task<Result<BackupManifest>> ReadAsync(string file, Func<TarEntry, Task> take, CancellationToken cancellation)
    {
        BackupManifest? manifest = null;
        try
        {
            await using var stream = File.OpenRead(file);
            await using var tar = new TarReader(stream);
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.Name == BackupManifest.Name && entry.DataStream is { } written)
                {
                    manifest = await JsonSerializer.DeserializeAsync(written, BackupJson.Default.BackupManifest, cancellation);
                }
                else if (entry.EntryType != TarEntryType.RegularFile || !Belongs(entry.Name))
                {
                    return new WispError(ErrorCode.CannotBeUsed, $"{file} is not a backup of Wisp: '{entry.Name}' does not belong into one.", "Name a file that 'wisp backup' wrote.");
                }
                else
                {
                    await take(entry);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or JsonException or FormatException)
        {
            return Torn(file, exception.Message);
        }

        return manifest?.Files is null ? Torn(file, "Its manifest is missing.")
            : manifest.Format > BackupManifest.KnownFormat || manifest.Schema > SqliteCopy.KnownSchema ? new WispError(
                ErrorCode.CannotBeUsed,
                $"{file} was made by a newer Wisp: {manifest.Version}, format {manifest.Format}, schema {manifest.Schema}; this one knows format {BackupManifest.KnownFormat}, schema {SqliteCopy.KnownSchema}.",
                "Restore it with that version.")
            : manifest;
    }

    private static bool Belongs(string name) =>
        name is "state.db" or "token" or "subnet" || (Folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)) && name.Split('/').All(part => part is not ("" or "." or "..")));

    private static async Task<BackupFile> UnpackAsync(TarEntry entry, string directory, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, entry.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = entry.Mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead),
        });
        if (entry.DataStream is { } content)
        {
            await content.CopyToAsync(file, cancellation);
        }

        file.Flush(flushToDisk: true);
        file.Position = 0;
        return new BackupFile(entry.Name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
    }

    private static WispError Torn(string file, string why) =>
        new(ErrorCode.CannotBeUsed, $"{file} is torn, or not a backup of Wisp: {why}", "Use another backup; nothing was changed.");
}
