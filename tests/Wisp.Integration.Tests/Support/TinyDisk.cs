using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>A small filesystem over a directory, which can be filled to the last byte.</summary>
public sealed class TinyDisk : IAsyncDisposable
{
    private readonly string _directory;

    private TinyDisk(string directory) => _directory = directory;

    public static async Task<TinyDisk> MountAsync(string directory, int mebibytes)
    {
        await ToolAsync("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "wisp-tiny", directory);
        return new TinyDisk(directory);
    }

    private string Filler => Path.Combine(_directory, "filler");

    public void Fill()
    {
        using var file = File.Create(Filler);
        var piece = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public void Empty() => File.Delete(Filler);

    // Lazily: the directory's own removal finds whatever still holds it.
    public async ValueTask DisposeAsync() => await ToolAsync("umount", "--lazy", _directory);

    private static async Task ToolAsync(string program, params string[] arguments)
    {
        var ran = await new ToolRunner().RunAsync(new ToolCommand(program, arguments));
        if (!ran.IsSuccess || !ran.Value.Ok)
        {
            throw new InvalidOperationException(ran.Error?.ToString() ?? ran.Value.LastLine);
        }
    }
}
