using System.ComponentModel;
using System.Diagnostics;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Cli.Connections;

/// <summary>A wispd that was started here and goes on when this program ends.</summary>
internal sealed class DaemonProcess : IDisposable
{
    // One more is kept beside it.
    private const long LargestLog = 8 << 20;

    private readonly Process _process;
    private readonly DataDirectory _data;
    private readonly long _logStart;

    private DaemonProcess(Process process, DataDirectory data, long logStart)
    {
        _process = process;
        _data = data;
        _logStart = logStart;
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it in a session of its own, writing to its log.</summary>
    public static Result<DaemonProcess> Start(DaemonProgram program, DataDirectory data, string? listen)
    {
        var log = data.DaemonLog;
        try
        {
            Directory.CreateDirectory(data.Root);
            if (File.Exists(log) && new FileInfo(log).Length > LargestLog)
            {
                File.Move(log, log + ".1", overwrite: true);
            }

            var logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
            var serve = program.Command([.. (string[])["serve", "--data-dir", data.Root], .. listen is null ? (string[])[] : ["--listen", listen]]);
            // setsid becomes sh, and sh becomes wispd: the process id stays, and neither a hangup nor Ctrl+C in this terminal reaches it.
            var start = new ProcessStartInfo("setsid", ["sh", "-c", "exec \"$@\" </dev/null >>\"$WISP_LOG\" 2>&1", "sh", serve.Program, .. serve.Arguments]) { UseShellExecute = false };
            start.Environment["WISP_LOG"] = log;
            return new DaemonProcess(Process.Start(start)!, data, logStart);
        }
        catch (Win32Exception exception)
        {
            return ToolPackages.Missing("setsid", exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot use the data directory {data.Root}: {exception.Message}", "Name another with --data-dir.", "disk-full");
        }
    }

    /// <summary>What it is doing, in its own words; null before it says anything.</summary>
    public string? LastWords() => Log() is [.., var last] ? DaemonLogLine.Text(last) : null;

    /// <summary>Why it ended.</summary>
    public WispError WhyItEnded()
    {
        var lines = Log();
        // An error that wispd expected is one line; anything else is whatever came last.
        return lines.LastOrDefault(line => line.StartsWith(DaemonLogLine.ErrorPrefix, StringComparison.Ordinal)) is { } error
            ? new WispError(ErrorCode.OperationFailed, error[DaemonLogLine.ErrorPrefix.Length..], null)
            : new WispError(
                ErrorCode.OperationFailed,
                lines.Count > 0 ? $"wispd ended as it started: {DaemonLogLine.Text(lines[^1])}" : "wispd ended as it started, without a word.",
                $"Its log is {_data.DaemonLog}.");
    }

    public void Dispose() => _process.Dispose();

    private List<string> Log()
    {
        try
        {
            using var file = new FileStream(_data.DaemonLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(Math.Min(_logStart, file.Length), SeekOrigin.Begin);
            using var reader = new StreamReader(file);
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
