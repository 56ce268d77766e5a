using Wisp.Snapshots.Memory;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests.Memory;

public sealed class ReflinkTests
{
    private const long LayerBytes = 64 * 1024 * 1024;

    [Fact]
    public async Task Where_the_filesystem_shares_blocks_merging_takes_no_room()
    {
        await using var xfs = await Mount.XfsAsync();
        Assert.Equal(CopyMethod.Reflink, FilesystemCopy.Describe(xfs.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(xfs.Path));

        var layers = ((string[])["lower", "upper"]).Select(name => Path.Combine(xfs.Path, name)).ToList();
        foreach (var path in layers)
        {
            var content = new byte[LayerBytes];
            new Random(path.Length).NextBytes(content);
            await using var file = File.Create(path);
            await file.WriteAsync(content);
            // Blocks are given when they are written, and are counted then.
            file.Flush(flushToDisk: true);
        }

        var before = new DriveInfo(xfs.Path).AvailableFreeSpace;
        var merged = MemoryLayerMerger.Merge(
            2 * LayerBytes, [new(layers[0], [new(0, LayerBytes, 0)]), new(layers[1], [new(LayerBytes / 2, LayerBytes, 0)])], Path.Combine(xfs.Path, "merged"), default).Value;
        Assert.Equal(LayerBytes * 3 / 2, new FileInfo(merged.Path).Length);
        Assert.InRange(before - new DriveInfo(xfs.Path).AvailableFreeSpace, 0, LayerBytes / 16);
    }

    [Fact]
    public async Task Where_it_does_not_that_is_said()
    {
        await using var tmpfs = await Mount.TmpfsAsync("1m");
        Assert.Equal(CopyMethod.Copy, FilesystemCopy.Describe(tmpfs.Path));
        Assert.Equal(CopyMethod.Copy, FilesystemCopy.Describe(Path.Combine(tmpfs.Path, "missing")));
    }
}
