namespace Wisp.Images.Building;

/// <summary>
/// One build under way. Builds go on side by side, each holding a shared lock; whoever is the last to leave takes away what killed
/// builds, its own or those of earlier processes, left in buildah's storage: working containers, with their mounts, and scratch files.
/// </summary>
internal sealed class BuildTurn : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    private readonly Buildah _buildah;
    private readonly FileStream _shared;

    private BuildTurn(Buildah buildah, FileStream shared) => (_buildah, _shared) = (buildah, shared);

    /// <summary>Begins a build; waits while somebody takes things away, which is short.</summary>
    public static async Task<BuildTurn> BeginAsync(Buildah buildah, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(buildah.LockFile)!);
        while (true)
        {
            if (Lock(buildah, FileShare.ReadWrite) is { } shared)
            {
                return new BuildTurn(buildah, shared);
            }

            await Task.Delay(RetryDelay, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await using var exclusive = Lock(_buildah, FileShare.None);
        if (exclusive is not null && Directory.Exists(_buildah.Scratch))
        {
            await _buildah.RunAsync(["rm", "--all"], CancellationToken.None);
            Directory.Delete(_buildah.Scratch, recursive: true);
        }
    }

    // FileShare.None is flock(2)'s exclusive lock, everything else the shared one. Null when others hold it.
    private static FileStream? Lock(Buildah buildah, FileShare share)
    {
        const int wouldBlock = 11;
        try
        {
            return new FileStream(buildah.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException exception) when (exception.HResult == wouldBlock)
        {
            return null;
        }
    }
}
