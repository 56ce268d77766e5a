using Wisp.Tools;

namespace Wisp.Snapshots.Tests.Support;

/// <summary>A filesystem of one test's own, gone with it.</summary>
public sealed class Mount : IAsyncDisposable
{
    private static readonly ToolRunner Tools = new();
    private readonly TemporaryDirectory _directory = new();

    private Mount(string? path) => Path = path ?? Directory.CreateDirectory(_directory.File("mount")).FullName;

    public string Path { get; }

    /// <summary>One in memory of a size, such as <c>1m</c>.</summary>
    public static async Task<Mount> TmpfsAsync(string size)
    {
        var mount = Begin();
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "wisp-test", mount.Path);
        return mount;
    }

    /// <summary>An empty one that hides a directory.</summary>
    public static async Task<Mount> OverAsync(string path)
    {
        var mount = Begin(path);
        await RunAsync("mount", "-t", "tmpfs", "wisp-test", path);
        return mount;
    }

    /// <summary>One that shares blocks between files, on a loop device that goes when it is unmounted.</summary>
    public static async Task<Mount> XfsAsync()
    {
        var mount = Begin();
        var image = mount._directory.File("image");
        await using (var file = File.Create(image))
        {
            file.SetLength(512 * 1024 * 1024);
        }

        await RunAsync("mkfs.xfs", "-q", "-m", "reflink=1", image);
        await RunAsync("mount", "-o", "loop", image, mount.Path);
        return mount;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        _directory.Dispose();
    }

    private static Mount Begin(string? path = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting needs root.");
        return new Mount(path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var output = (await Tools.RunAsync(new ToolCommand(program, arguments))).Value;
        Assert.True(output.Ok, output.Stderr);
    }
}
