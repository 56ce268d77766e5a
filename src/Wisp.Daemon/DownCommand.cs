using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wisp.Gateway.Listening;
using Wisp.Layout;

namespace Wisp.Daemon;

/// <summary>Ends everything of a data directory, whether its daemon runs or was killed.</summary>
internal static partial class DownCommand
{
    private const int SigTerm = 15;

    public static async Task<Result> RunAsync(DataDirectory data, TextWriter output, CancellationToken cancellation)
    {
        if (HostChecks.RequireRoot("wispd").Failed(out var error))
        {
            return error;
        }

        if (!Directory.Exists(data.Root))
        {
            await output.WriteLineAsync($"Nothing to do: {data.Root} does not exist.");
            return Result.Success;
        }

        if (DataDirectoryLock.TryTake(data).Failed(out _, out var held))
        {
            if (DaemonFile.Read(data) is { } record)
            {
                SendTerm(record.Pid);
            }

            if ((await DataDirectoryLock.TakeAsync(data, TimeSpan.FromSeconds(30), TimeProvider.System, cancellation)).Failed(out error, out held))
            {
                return error;
            }

            await output.WriteLineAsync("Stopped wispd.");
        }

        using (held)
        {
            return await RemoveAllAsync(data, output, cancellation);
        }
    }

    private static async Task<Result> RemoveAllAsync(DataDirectory data, TextWriter output, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Error).AddSimpleConsole());
        using var sockets = new ListenSockets();
        if ((await Node.OpenAsync(data, canStart: false, NodeSettings.Usual, sockets, loggers, cancellation)).Failed(out var error, out var node))
        {
            return error;
        }

        await using (node)
        {
            if ((await node.Platform.StopAllAsync(new LineProgress(output), cancellation)).Failed(out error))
            {
                return error;
            }

            // Also those that no record leads to.
            foreach (var directory in Directory.Exists(data.Instances) ? Directory.GetDirectories(data.Instances) : [])
            {
                await node.Engine.RemoveAsync(directory);
            }

            if ((await node.Network.RemoveAsync(cancellation)).Failed(out error))
            {
                return error;
            }
        }

        await output.WriteLineAsync("Removed the guest network.");
        DaemonFile.Delete(data);
        await output.WriteLineAsync("Images, instances and the token are kept in " + data.Root + ".");
        return Result.Success;
    }

    private static void SendTerm(int pid)
    {
        // SAFETY: kill(2) takes two integers and touches no memory of ours; a pid that is gone is ESRCH, which is what we want.
        _ = Kill(pid, SigTerm);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private sealed class LineProgress(TextWriter output) : IProgress<(string Name, bool IsFrozen)>
    {
        public void Report((string Name, bool IsFrozen) value) => output.WriteLine($"{(value.IsFrozen ? "Froze" : "Stopped")} instance {value.Name}.");
    }
}
