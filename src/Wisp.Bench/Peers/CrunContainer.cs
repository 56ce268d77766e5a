using System.Diagnostics;
using Wisp.Tools;

namespace Wisp.Bench.Peers;

/// <summary>
/// A container about to be started by crun: a shell that waits for a line before it becomes crun, so that what is timed is crun and
/// not how long this process takes to fork.
/// </summary>
internal sealed class CrunContainer : IAsyncDisposable
{
    // crun refuses a host whose control groups are hybrid although it is to use none: it must not see the second hierarchy.
    private const string Script =
        """umount /sys/fs/cgroup/unified 2>/dev/null; read go; exec crun --root "$1" --cgroup-manager=disabled run --bundle "$2" "$3" """;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output;
    private readonly string _stateDirectory;
    private readonly string _id;
    private readonly IToolRunner _tools;

    private CrunContainer(Process process, string stateDirectory, string id, IToolRunner tools)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
        _stateDirectory = stateDirectory;
        _id = id;
        _tools = tools;
    }

    /// <summary>True when it has ended, which nobody asked of it.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Puts everything in place.</summary>
    public static CrunContainer Prepare(ContainerBundle bundle, string id, IToolRunner tools)
    {
        var state = Path.Combine(bundle.Directory, "state");
        var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "/bin/sh", "-c", Script, "crun", state, bundle.Directory, id])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return new CrunContainer(process, state, id, tools);
    }

    /// <summary>Starts it.</summary>
    public async Task StartAsync()
    {
        await _process.StandardInput.WriteLineAsync("go");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>What it said when it ended.</summary>
    public async Task<string> ReadErrorsAsync() => (await _errors).Trim();

    public async ValueTask DisposeAsync()
    {
        await _tools.RunAsync(new ToolCommand("crun", "--root", _stateDirectory, "delete", "--force", _id), null, CancellationToken.None);
        // What was not yet a container that can be deleted is a child of crun.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _errors);
        _process.Dispose();
    }
}
