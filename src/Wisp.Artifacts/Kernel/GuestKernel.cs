using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>
/// The kernel of every guest: Linux from Debian's patched source, with what servers need built in and nothing else. It is built once
/// on this machine and kept by the version of its source and the digest of how it was made; nothing is installed on the host.
/// </summary>
internal sealed class GuestKernel(string directory, IToolRunner tools, TimeProvider time)
{
    // Begins the name of what is being made. Only who holds the lock makes something, so to him all others are left over.
    private const string Scratch = ".kernel-";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The path of the kept kernel, else of one that is built now.</summary>
    public async Task<Result<string>> EnsureAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        if (FindKept() is { } kept)
        {
            return kept;
        }

        await using var turn = await TakeTurnAsync(progress, cancellation);
        // Whoever had the turn before may have built it.
        return FindKept() is { } meanwhile ? meanwhile : await BuildAsync(progress, cancellation);
    }

    /// <summary>Where the kernel of a version of the source is kept. Pure.</summary>
    public static string PlaceOf(string directory, string version) => Path.Combine(directory, $"kernel-{version}-{KernelRecipe.Digest}");

    // The newest of this recipe: apt is asked only when there is none, so a node with a cache starts without a network.
    private string? FindKept() =>
        new DirectoryInfo(directory).GetDirectories(Path.GetFileName(PlaceOf(directory, "*"))).MaxBy(kernel => kernel.LastWriteTimeUtc) is { } newest
            ? Path.Combine(newest.FullName, KernelBuild.Image)
            : null;

    private async Task<FileStream> TakeTurnAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        const int wouldBlock = 11;
        var told = false;
        while (true)
        {
            try
            {
                // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux; it is given back whatever way the process ends.
                return new FileStream(Path.Combine(directory, "kernel.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.HResult == wouldBlock)
            {
                if (!told)
                {
                    progress?.Report("Waiting for the guest kernel, which another process is building");
                    told = true;
                }

                await Task.Delay(LookInterval, time, cancellation);
            }
        }
    }

    private async Task<Result<string>> BuildAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        await RemoveScratchAsync();
        var work = Directory.CreateDirectory(Path.Combine(directory, $"{Scratch}{Guid.NewGuid():N}")).FullName;
        try
        {
            var built = await new KernelBuild(work, Path.Combine(directory, "kernel-build.log"), tools, time).RunAsync(progress, cancellation);
            if (built.Failed(out var error, out var version))
            {
                return error;
            }

            var place = PlaceOf(directory, version);
            Directory.Move(Path.Combine(work, KernelBuild.Made), place);
            return Path.Combine(place, KernelBuild.Image);
        }
        finally
        {
            await RemoveScratchAsync();
        }
    }

    private async Task RemoveScratchAsync()
    {
        foreach (var left in Directory.GetDirectories(directory, Scratch + "*"))
        {
            // A compiler that was ended may still finish a file while this goes through its directory. What cannot be removed at all
            // is no reason to fail: the next build tries again.
            for (var attempt = 1; attempt <= 10 && Directory.Exists(left); attempt++)
            {
                try
                {
                    Directory.Delete(left, recursive: true);
                }
                catch (IOException)
                {
                    await Task.Delay(LookInterval, time, CancellationToken.None);
                }
            }
        }
    }
}
