using System.Globalization;
using System.Runtime.InteropServices;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>Has the daemon of a data directory followed by a new one, and waits until that serves.</summary>
internal static partial class RestartCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    public static async Task<Result> RunAsync(DataDirectory data, TextWriter output, CancellationToken cancellation)
    {
        if (HostChecks.RequireRoot("wispd").Failed(out var error))
        {
            return error;
        }

        if ((await FindAsync(data, cancellation)) is not { } before)
        {
            return new WispError(ErrorCode.WrongState, $"No wispd serves {data.Root}.", "Start it: wisp up", "not-running");
        }

        var from = TimeProvider.System.GetTimestamp();
        // SAFETY: kill(2) takes two integers and touches no memory of ours.
        if (Kill(before.Pid, Replacement.Signal) != 0)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot ask wispd (pid {before.Pid}) for it: {Marshal.GetLastPInvokeErrorMessage()}.", "See whether it runs: wisp status");
        }

        while (DaemonFile.Read(data) is not { } now || now.StartedAt == before.StartedAt)
        {
            if (!Directory.Exists($"/proc/{before.Pid}"))
            {
                return new WispError(ErrorCode.OperationFailed, "wispd has ended instead of starting anew; machines run on.", $"See why in {data.DaemonLog}, and start it: wisp up");
            }

            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                return new WispError(ErrorCode.TimedOut, $"wispd does not serve again after {Patience.TotalMinutes} minutes.", $"See {data.DaemonLog}");
            }

            await Task.Delay(LookInterval, TimeProvider.System, cancellation);
        }

        var took = TimeProvider.System.GetElapsedTime(from);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Restarted wispd in {took.TotalSeconds:0.0} s; machines run on."));
        return Result.Success;
    }

    // Where the directory is not locked, the process id of the file may be anybody's; or it is just being followed by another.
    private static async Task<DaemonRecord?> FindAsync(DataDirectory data, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (DaemonFile.Read(data) is { } record && Directory.Exists($"/proc/{record.Pid}") && TimeProvider.System.GetElapsedTime(from) < Takeover)
        {
            if (DataDirectoryLock.TryTake(data).Failed(out _, out var free))
            {
                return record;
            }

            free.Dispose();
            await Task.Delay(LookInterval, TimeProvider.System, cancellation);
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
