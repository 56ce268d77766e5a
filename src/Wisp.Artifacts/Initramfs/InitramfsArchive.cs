using System.Security.Cryptography;
using System.Text;
using Wisp.Tools;

namespace Wisp.Artifacts.Initramfs;

/// <summary>
/// The initramfs: <c>/init</c> and mount points. It is not compressed: it is read from the page cache, and
/// unpacking it would cost an emulated guest more than copying.
/// </summary>
internal sealed class InitramfsArchive(string directory, IToolRunner tools)
{
    private static readonly string[] MountPoints = ["proc", "sys", "dev"];

    /// <summary>The cached archive of exactly these parts, else a new one.</summary>
    public async Task<Result<string>> EnsureAsync(string init, CancellationToken cancellation)
    {
        var place = Path.Combine(directory, $"initramfs-{await KeyAsync(init, cancellation)}.cpio");
        if (File.Exists(place))
        {
            return place;
        }

        var tree = Directory.CreateTempSubdirectory("wisp-initramfs-").FullName;
        var archive = $"{place}.{Guid.NewGuid():N}";
        try
        {
            foreach (var mountPoint in MountPoints)
            {
                Directory.CreateDirectory(Path.Combine(tree, mountPoint));
            }

            File.Copy(init, Path.Combine(tree, "init"));
            File.SetUnixFileMode(Path.Combine(tree, "init"), (UnixFileMode)0b111_101_101);
            var names = Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(tree, path)).Order(StringComparer.Ordinal);
            var made = await tools.RunAsync(
                new ToolCommand("cpio", "--create", "--format=newc", "--owner=0:0", "--quiet", "--file=" + archive)
                {
                    WorkingDirectory = tree,
                    Input = string.Join('\n', names) + "\n",
                },
                null, cancellation);
            if (made.Failed(out var error, out var output))
            {
                return error;
            }

            if (!output.Ok)
            {
                return new WispError(ErrorCode.OperationFailed, $"cpio cannot make {place}: {output.LastLine}", "See that the disk has room.", "disk-full");
            }

            // VMMs read it as users of their own.
            File.SetUnixFileMode(archive, (UnixFileMode)0b110_100_100);
            File.Move(archive, place, overwrite: true);
            return place;
        }
        finally
        {
            File.Delete(archive);
            Directory.Delete(tree, recursive: true);
        }
    }

    private static async Task<string> KeyAsync(string init, CancellationToken cancellation)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', MountPoints) + "\0"));
        all.AppendData(await File.ReadAllBytesAsync(init, cancellation));
        return Convert.ToHexStringLower(all.GetHashAndReset())[..16];
    }
}
