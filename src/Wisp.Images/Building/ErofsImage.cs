using Wisp.Tools;

namespace Wisp.Images.Building;

/// <summary>Turns a directory tree into an erofs image.</summary>
internal static class ErofsImage
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Everyone = (UnixFileMode)0x1FF;

    /// <summary>Makes the image: uncompressed (reading it costs a guest no CPU), with fixed times and id, so that equal trees give equal bytes.</summary>
    public static async Task<Result> MakeAsync(IToolRunner tools, string tree, string file, CancellationToken cancellation)
    {
        // What a guest mounts its own filesystems on.
        foreach (var name in (string[])["proc", "sys", "dev", "run", "tmp"])
        {
            var path = Path.Combine(tree, name);
            // What the image has of that name, be it a link that leads nowhere, stays.
            if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                Directory.CreateDirectory(path);
                File.SetUnixFileMode(path, name == "tmp" ? Everyone | UnixFileMode.StickyBit : Everyone & ~OthersWrite);
            }
        }

        var made = await tools.RunAsync(
            new ToolCommand("mkfs.erofs", "-T0", "-U", "00000000-0000-0000-0000-000000000000", file, tree), null, cancellation);
        return made.Failed(out var error, out var output) ? error
            : output.Ok ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"Cannot make the root filesystem {file}: {output.LastLine}", "See that the disk has room.", "disk-full");
    }
}
