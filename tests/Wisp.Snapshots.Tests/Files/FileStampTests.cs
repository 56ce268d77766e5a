using System.Runtime.CompilerServices;
using Wisp.Snapshots.Files;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests.Files;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Statx_has_the_kernels_size() => Assert.Equal(256, Unsafe.SizeOf<Statx>());

    /// <summary>Each member is where the kernel writes it: it agrees with what others say of the file.</summary>
    [Fact]
    public void It_says_what_is_true_of_the_file()
    {
        var path = _directory.File("file");
        File.WriteAllBytes(path, new byte[12345]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(1_000_000_000.5));
        var stamp = FileStamp.Of(path)!.Value;
        Assert.Equal((12345, 1_000_000_000_500_000_000), (stamp.Size, stamp.Modified));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(stamp.Changed / 1_000_000_000, now - 600, now + 1);
        using var open = File.OpenHandle(path);
        Assert.Equal(stamp, FileStamp.Of(open));

        File.Move(path, _directory.File("renamed"));
        Assert.Equal((stamp.Device, stamp.Inode), (FileStamp.Of(_directory.File("renamed"))!.Value.Device, FileStamp.Of(_directory.File("renamed"))!.Value.Inode));
        File.WriteAllBytes(path, new byte[12345]);
        Assert.NotEqual(stamp.Inode, FileStamp.Of(path)!.Value.Inode);
        Assert.NotEqual(stamp.Device, FileStamp.Of("/proc/self/stat")!.Value.Device);
    }

    [Fact]
    public void Nothing_has_none() => Assert.Null(FileStamp.Of(_directory.File("missing")));

    public void Dispose() => _directory.Dispose();
}
