using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>The turn to start the daemon of a data directory: of two who try at once, the second waits and then finds it running.</summary>
internal static class StartLock
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the turn; disposing gives it back, and so does the end of the process.</summary>
    public static async Task<Result<IDisposable>> TakeAsync(DataDirectory data, TimeProvider time, CancellationToken cancellation)
    {
        var file = Path.Combine(data.Root, "up.lock");
        try
        {
            Directory.CreateDirectory(data.Root);
            while (true)
            {
                try
                {
                    // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
                    return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                }
                catch (IOException) when (File.Exists(file))
                {
                    await Task.Delay(LookInterval, time, cancellation);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot use the data directory {data.Root}: {exception.Message}", "Name another with --data-dir.", "disk-full");
        }
    }
}
