using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>One daemon a data directory: an exclusive lock that the kernel gives back whatever way the process ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    // EWOULDBLOCK, as the runtime passes it on.
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or says who has it.</summary>
    public static Result<DataDirectoryLock> TryTake(DataDirectory data)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux.
            return new DataDirectoryLock(new FileStream(data.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            var holder = DaemonFile.Read(data) is { } record ? $" (pid {record.Pid}, {record.Endpoint})" : "";
            return new WispError(
                ErrorCode.AlreadyExists,
                $"A wispd already serves {data.Root}{holder}.",
                "Use it, or stop it with 'wisp down'.",
                "already-running");
        }
    }

    /// <summary>Waits until the lock can be taken.</summary>
    public static async Task<Result<DataDirectoryLock>> TakeAsync(DataDirectory data, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var from = time.GetTimestamp();
        while (true)
        {
            var taken = TryTake(data);
            if (taken.IsSuccess || time.GetElapsedTime(from) > patience)
            {
                return taken;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }
    }

    public void Dispose() => _file.Dispose();
}
