using System.Diagnostics;

namespace Wisp.State.Tests.Support;

/// <summary>A filesystem that is soon full: a tmpfs of its own.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null where that is not allowed.</summary>
    public static async Task<SmallDisk?> MountAsync(long bytes)
    {
        var path = Directory.CreateTempSubdirectory("wisp-small-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={bytes}", "wisp-test", path))
        {
            return new SmallDisk(path);
        }

        Directory.Delete(path);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Assert.True(await RunAsync("umount", Path), $"{Path} stays mounted");
        Directory.Delete(Path);
    }

    private static async Task<bool> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
