using Wisp.Tools;

namespace Wisp.Machines.Tests.Support;

/// <summary>A small filesystem, which can be filled to the last page.</summary>
internal sealed class TinyDisk : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private TinyDisk()
    {
    }

    public string Path => _directory.Path;

    public string At(string name) => _directory.At(name);

    public static async Task<TinyDisk> MountAsync(int kibibytes)
    {
        var disk = new TinyDisk();
        if (Environment.UserName != "root")
        {
            Assert.Skip("Mounting needs root.");
        }

        await ToolAsync("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k,mode=711", "wisp-tiny", disk.Path);
        return disk;
    }

    public void Fill()
    {
        using var file = File.Create(At("filler"), 1);
        var piece = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(piece);
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ToolAsync("umount", "--lazy", Path);
        _directory.Dispose();
    }

    private static async Task ToolAsync(string program, params string[] arguments)
    {
        var ran = await new ToolRunner().RunAsync(new ToolCommand(program, arguments));
        Assert.True(ran.IsSuccess && ran.Value.Ok, ran.Error?.ToString() ?? ran.Value.LastLine);
    }
}
