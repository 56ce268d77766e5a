using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>Runs the programs of a build, any of which may find the disk full.</summary>
/// <param name="work">The directory that is built in.</param>
/// <param name="tools">Runs them.</param>
internal sealed class KernelTools(string work, IToolRunner tools)
{
    // Missed in the middle of a build, each would fail in words that do not name it.
    private static readonly string[] Programs = ["make", "gcc", "strip", "flex", "bison", "bc", "xz"];

    // A library that the kernel's objtool is linked with.
    private const string ElfHeader = "/usr/include/gelf.h";

    /// <summary>Whether all are here that are not in every Debian.</summary>
    public async Task<Result> CheckAsync(CancellationToken cancellation)
    {
        foreach (var program in Programs)
        {
            if ((await tools.RunAsync(new ToolCommand(program, "--version"), null, cancellation)).Failed(out var error, out _))
            {
                return error;
            }
        }

        return File.Exists(ElfHeader)
            ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"The guest kernel cannot be built: there is no {ElfHeader}.", "Install it: apt-get install libelf-dev", "missing-program");
    }

    /// <summary>Runs one, whatever its exit code.</summary>
    public async Task<Result<ToolOutput>> RunAsync(ToolCommand command, CancellationToken cancellation, Action<ToolLine>? onLine = null)
    {
        var ran = await tools.RunAsync(command, onLine, cancellation);
        return !ran.Failed(out _, out var output) && !output.Ok && output.Stderr.Contains("No space left on device", StringComparison.Ordinal)
            ? new WispError(
                ErrorCode.OperationFailed, $"The disk filled up while the guest kernel was built in {Path.GetDirectoryName(work)}.",
                "Make room, or name another place with WISP_CACHE_DIR.", "disk-full")
            : ran;
    }

    /// <summary>Runs one whose exit code has to be 0.</summary>
    /// <param name="step">What it is for, as in "cannot …".</param>
    /// <param name="command">What to run.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<ToolOutput>> SucceedAsync(string step, ToolCommand command, CancellationToken cancellation)
    {
        var ran = await RunAsync(command, cancellation);
        return ran.Failed(out var error, out var output) ? error
            : output.Ok ? output
            : new WispError(
                ErrorCode.OperationFailed, $"The guest kernel cannot be built: cannot {step}: {output.LastLine}",
                $"Mend that, or name another place than {Path.GetDirectoryName(work)} with WISP_CACHE_DIR.", "kernel-build");
    }
}
