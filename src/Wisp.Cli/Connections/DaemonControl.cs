using Wisp.Layout;

namespace Wisp.Cli.Connections;

/// <summary>Brings up the daemon of a data directory.</summary>
internal sealed class DaemonControl(DataDirectory data, Shell shell)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The daemon that serves the directory now, or null.</summary>
    public async Task<DaemonRecord?> FindAsync(CancellationToken cancellation)
    {
        // Always the directory's own server: an answer to this directory's token proves whose it is, a process id that lives does not.
        if (ServerLocator.FindNode(data).Failed(out _, out var server))
        {
            return null;
        }

        using var client = new ApiClient(server, shell);
        return !(await client.SendAsync(HttpMethod.Get, "/v1/healthz", null, cancellation)).Failed(out _, out var answer) && answer.Ok
            && !DaemonRecordFile.Read(data).Failed(out _, out var record)
            ? record
            : null;
    }

    /// <summary>Starts it, unless it runs.</summary>
    /// <param name="listen">Address of the API, or null for the default.</param>
    /// <param name="report">Hears what it is doing.</param>
    /// <param name="cancellation">Stops waiting; the daemon goes on.</param>
    /// <returns>What it says of itself, and whether it was started here.</returns>
    public async Task<Result<(DaemonRecord Record, bool Started)>> EnsureAsync(string? listen, Action<string> report, CancellationToken cancellation)
    {
        if (await FindAsync(cancellation) is { } running)
        {
            return (running, false);
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return new WispError(
                ErrorCode.NotAllowed,
                "Starting wispd needs root: it makes tap devices, namespaces and control groups for the machines (which themselves run without privileges).",
                "Run it with sudo.", "not-root");
        }

        if (DaemonProgram.Locate(shell.Variable).Failed(out var error, out var program)
            || (await StartLock.TakeAsync(data, shell.Time, cancellation)).Failed(out error, out var turn))
        {
            return error;
        }

        using (turn)
        {
            // Somebody else may have started it while this one waited for its turn.
            return await FindAsync(cancellation) is { } meanwhile ? (meanwhile, false)
                : DaemonProcess.Start(program, data, listen).Failed(out error, out var process) ? error
                : await WaitAsync(process, report, cancellation);
        }
    }

    private async Task<Result<(DaemonRecord, bool)>> WaitAsync(DaemonProcess process, Action<string> report, CancellationToken cancellation)
    {
        using (process)
        {
            while (true)
            {
                // Asked first: a daemon that ended after this look is seen at the next.
                var ended = process.HasExited;
                if (await FindAsync(cancellation) is { } record)
                {
                    return (record, record.Pid == process.Pid);
                }

                if (ended)
                {
                    return process.WhyItEnded();
                }

                if (process.LastWords() is { } words)
                {
                    report(words);
                }

                await Task.Delay(LookInterval, shell.Time, cancellation);
            }
        }
    }
}
