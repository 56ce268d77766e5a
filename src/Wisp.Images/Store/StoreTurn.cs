namespace Wisp.Images;

/// <summary>The turn of who adds to a store or removes from it, among all processes.</summary>
internal static class StoreTurn
{
    private const int WouldBlock = 11;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the turn; dispose to end it.</summary>
    public static async Task<IAsyncDisposable> TakeAsync(string directory, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
                return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.HResult == WouldBlock)
            {
                await Task.Delay(RetryDelay, TimeProvider.System, cancellation);
            }
        }
    }
}
