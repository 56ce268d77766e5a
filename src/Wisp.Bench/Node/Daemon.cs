using System.Text.Json;
using Wisp.Bench.Reporting;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Bench.Node;

/// <summary>A wispd of our own, over a data directory that goes with it.</summary>
internal sealed class Daemon
{
    // A first start may have to fetch and unpack a kernel.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly DaemonProgram _program;
    private readonly IToolRunner _tools;
    private Task<Result<ToolOutput>>? _serving;

    /// <summary>One that does not run yet.</summary>
    public Daemon(DaemonProgram program, IToolRunner tools)
    {
        _program = program;
        _tools = tools;
        Data = new DataDirectory(Directory.CreateTempSubdirectory("wisp-bench-").FullName);
    }

    public DataDirectory Data { get; }

    /// <summary>Starts it and waits until it says that it serves.</summary>
    public async Task<Result<DaemonRecord>> StartAsync(NodeSettings settings, CancellationToken cancellation)
    {
        // Not ended by the cancellation: 'wispd down' ends it, and its machines with it.
        _serving = _tools.RunAsync(
            _program.Command(["serve", "--data-dir", Data.Root, "--listen", "127.0.0.1:0", .. settings.Arguments]), null, CancellationToken.None);
        var from = TimeProvider.System.GetTimestamp();
        while (!File.Exists(Data.DaemonFile))
        {
            if (_serving.IsCompleted)
            {
                return (await _serving).Failed(out var error, out var output)
                    ? error
                    : new WispError(ErrorCode.OperationFailed, $"wispd did not start: {output.LastLine}");
            }

            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                return new WispError(ErrorCode.TimedOut, $"wispd does not serve after {Patience.TotalMinutes} minutes.");
            }

            await Task.Delay(LookInterval, TimeProvider.System, cancellation);
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Data.DaemonFile, cancellation), BenchJson.Default.DaemonRecord)!;
    }

    /// <summary>Takes down wispd and every machine, and deletes the directory. What cannot be taken down is kept and named.</summary>
    public async Task<Result> RemoveAsync()
    {
        if ((await StopAsync()).Failed(out var error))
        {
            return error;
        }

        Directory.Delete(Data.Root, recursive: true);
        return Result.Success;
    }

    /// <summary>Has it followed by a new one in its place.</summary>
    public async Task<Result> ReplaceAsync(CancellationToken cancellation) =>
        (await _tools.RunAsync(_program.Command("restart", "--data-dir", Data.Root), null, cancellation)).Failed(out var error, out var output) ? error
            : output.Ok ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"wispd cannot be restarted: {output.LastLine}");

    /// <summary>Takes down wispd and every machine; it can be started again.</summary>
    public async Task<Result> StopAsync()
    {
        if (_serving is not null)
        {
            var down = await _tools.RunAsync(_program.Command("down", "--data-dir", Data.Root), null, CancellationToken.None);
            if (down.Failed(out var error, out var output))
            {
                return error;
            }

            if (!output.Ok)
            {
                return new WispError(
                    ErrorCode.OperationFailed, $"The wispd that was measured cannot be taken down: {output.LastLine}", $"Try: wispd down --data-dir {Data.Root}");
            }

            await _serving;
            _serving = null;
        }

        return Result.Success;
    }
}
