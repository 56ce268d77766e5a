using Wisp.Layout;
using Wisp.Network;
using Wisp.State;

namespace Wisp.Daemon.Backups;

/// <summary>Makes a data directory what it was when a backup was written.</summary>
internal static class RestoreCommand
{
    public static async Task<Result> RunAsync(DataDirectory data, string file, bool force, TextWriter output, CancellationToken cancellation)
    {
        if (HostChecks.RequireRoot("wispd").Failed(out var error))
        {
            return error;
        }

        if (!File.Exists(file))
        {
            return new WispError(ErrorCode.NotFound, $"There is no backup {file}.", "Name a file that 'wisp backup' wrote.");
        }

        // Before anything is made for what is none.
        if ((await BackupReader.CheckAsync(file, cancellation)).Failed(out error)
            || HostChecks.Prepare(data).Failed(out error) || DataDirectoryLock.TryTake(data).Failed(out error, out var held))
        {
            return error;
        }

        using (held)
        {
            return await RestoreAsync(data, file, force, output, cancellation);
        }
    }

    // Nobody serves the directory meanwhile.
    private static async Task<Result> RestoreAsync(DataDirectory data, string file, bool force, TextWriter output, CancellationToken cancellation)
    {
        if (HasMachines(data))
        {
            return new WispError(ErrorCode.WrongState, $"Machines of {data.Root} may still run.", "End them first: wisp down");
        }

        if (!force && !IsEmpty(data))
        {
            return new WispError(ErrorCode.AlreadyExists, $"{data.Root} holds a node already.", "Restore into another directory with --data-dir, or replace what is there with --force.");
        }

        var staging = new DataDirectory(Path.Combine(data.Root, $"restore-{Guid.NewGuid():N}"));
        try
        {
            Directory.CreateDirectory(staging.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if ((await BackupReader.UnpackAsync(file, staging.Root, cancellation)).Failed(out var error, out var manifest)
                || (await SqliteStateStore.OpenAsync(staging.StateDatabase, cancellation)).Failed(out error, out var store))
            {
                return error;
            }

            await store.DisposeAsync();
            if (File.Exists(staging.Subnet) && !IsOwn(data, staging) && GuestNetwork.IsTaken(staging.Root))
            {
                File.Delete(staging.Subnet);
                await output.WriteLineAsync("Another node of this host has the subnet of the backup. Instances that sleep deeply keep their addresses of it: stop and start them to reach them.");
            }

            Replace(data, staging);
            await output.WriteLineAsync($"Restored {manifest.Files.Count} files of {manifest.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'} into {data.Root}.");
            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot restore {file} into {data.Root}: {exception.Message}", "See that the disk has room, and run it again with --force.", "disk-full");
        }
        finally
        {
            if (Directory.Exists(staging.Root))
            {
                Directory.Delete(staging.Root, recursive: true);
            }
        }
    }

    // The state goes first and comes last: between them there is no node here, rather than one half of each.
    private static void Replace(DataDirectory data, DataDirectory staging)
    {
        foreach (var file in (string[])[data.StateDatabase, data.StateDatabase + "-wal", data.StateDatabase + "-shm"])
        {
            File.Delete(file);
        }

        Clear(data.Instances);
        Clear(data.Snapshots);

        // Images are named by what is in them: those that are there do no harm.
        foreach (var file in Directory.EnumerateFiles(staging.Root, "*", SearchOption.AllDirectories).Where(file => file != staging.StateDatabase))
        {
            var to = Path.Combine(data.Root, Path.GetRelativePath(staging.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Move(file, to, overwrite: true);
        }

        File.Move(staging.StateDatabase, data.StateDatabase);
    }

    // They may be disks of their own, or lead to one: what is in them goes, not they.
    private static void Clear(string directory)
    {
        foreach (var entry in EntriesOf(directory))
        {
            if (File.GetAttributes(entry) is var attributes && attributes.HasFlag(FileAttributes.Directory) && !attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }

    // But for what a disk has at its root from the beginning.
    private static string[] EntriesOf(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Where(entry => Path.GetFileName(entry) != "lost+found")] : [];

    private static bool IsOwn(DataDirectory data, DataDirectory staging) => File.Exists(data.Subnet) && File.ReadAllText(data.Subnet) == File.ReadAllText(staging.Subnet);

    private static bool IsEmpty(DataDirectory data) =>
        !File.Exists(data.StateDatabase) && !((string[])[data.Instances, data.Images, data.Snapshots]).Any(directory => EntriesOf(directory).Length > 0);

    private static bool HasMachines(DataDirectory data) =>
        File.Exists(data.DaemonFile) || Directory.EnumerateDirectories(data.Vmms).Any()
        || Directory.EnumerateDirectories(data.Instances).Any(directory => File.Exists(Path.Combine(directory, "machine.json")));
}
