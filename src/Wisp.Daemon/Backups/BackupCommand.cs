using System.Formats.Tar;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Wisp.Layout;

namespace Wisp.Daemon.Backups;

/// <summary>Writes a node's state into one file, while wispd runs or not.</summary>
internal static class BackupCommand
{
    private static readonly string Version =
        typeof(BackupCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static async Task<Result> RunAsync(DataDirectory data, string file, BackupParts parts, TextWriter output, CancellationToken cancellation)
    {
        if (HostChecks.RequireRoot("wispd").Failed(out var error))
        {
            return error;
        }

        if (!File.Exists(data.StateDatabase))
        {
            return new WispError(ErrorCode.NotFound, $"{data.Root} has no state to back up.", "Name the data directory of a node with --data-dir.");
        }

        var held = Path.Combine(data.Root, $"backup-{Guid.NewGuid():N}");
        var temporary = $"{file}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(held, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var sources = new BackupSources(data, held);
            if ((await sources.GatherAsync(parts, cancellation)).Failed(out error, out var schema))
            {
                return error;
            }

            var files = await WriteAsync(sources.Root, temporary, all => new BackupManifest(
                BackupManifest.KnownFormat, schema, Version, TimeProvider.System.GetUtcNow(), parts.Words, all), cancellation);
            File.Move(temporary, file, overwrite: true);
            await output.WriteLineAsync($"Backed up {files} files, {new FileInfo(file).Length} bytes, to {file}.");
            if (!parts.Images || !parts.Snapshots)
            {
                await output.WriteLineAsync($"Not in it: {string.Join(" and ", new[] { parts.Images ? "" : "images", parts.Snapshots ? "" : "the memory of what is frozen" }.Where(word => word.Length > 0))}. '--with images,snapshots' takes all.");
            }

            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot write the backup {file}: {exception.Message}", "See that the disk has room and the directory can be written.", "disk-full");
        }
        finally
        {
            File.Delete(temporary);
            if (Directory.Exists(held))
            {
                Directory.Delete(held, recursive: true);
            }
        }
    }

    private static async Task<int> WriteAsync(string root, string to, Func<IReadOnlyList<BackupFile>, BackupManifest> describe, CancellationToken cancellation)
    {
        var files = new List<BackupFile>();
        // Environments and the token are in it.
        await using var stream = new FileStream(to, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await using var content = File.OpenRead(path);
                var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
                content.Position = 0;
                var name = Path.GetRelativePath(root, path);
                files.Add(new BackupFile(name, content.Length, digest));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = File.GetUnixFileMode(path) }, cancellation);
            }

            var manifest = JsonSerializer.SerializeToUtf8Bytes(describe(files), BackupJson.Default.BackupManifest);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Name) { DataStream = new MemoryStream(manifest) }, cancellation);
        }

        stream.Flush(flushToDisk: true);
        return files.Count;
    }
}
