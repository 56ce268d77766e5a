using System.Globalization;
using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>One build of the guests' kernel, in a directory that is thrown away afterwards.</summary>
/// <param name="work">That directory.</param>
/// <param name="log">Where what make says is written; it stays when make fails.</param>
/// <param name="runner">Runs apt-get, dpkg-deb, tar, make and strip.</param>
/// <param name="time">The clock.</param>
internal sealed class KernelBuild(string work, string log, IToolRunner runner, TimeProvider time)
{
    /// <summary>The directory under <c>work</c> that is kept.</summary>
    public const string Made = "made";

    /// <summary>The ELF kernel in it.</summary>
    public const string Image = "vmlinux";

    // The source is 1.0 GB unpacked, what is made of it some 0.4; and a little.
    private const long NeededBytes = 1_500_000_000;

    private readonly KernelTools _tools = new(work, runner);

    private readonly string _tree = Path.Combine(work, KernelRecipe.Package);

    /// <summary>Builds it; returns the version of the source.</summary>
    public async Task<Result<string>> RunAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        if (CheckRoom().Failed(out var error)
            || (await _tools.CheckAsync(cancellation)).Failed(out error)
            || (await new KernelSource(work, _tools).FetchAsync(progress, cancellation)).Failed(out error, out var version)
            || (await ConfigureAsync(version, cancellation)).Failed(out error)
            || (await CompileAsync(version, progress, cancellation)).Failed(out error)
            || (await StripAsync(cancellation)).Failed(out error))
        {
            return error;
        }

        File.Delete(log);
        return version;
    }

    private Result CheckRoom() => new DriveInfo(work).AvailableFreeSpace is var free && free >= NeededBytes
        ? Result.Success
        : new WispError(
            ErrorCode.OperationFailed,
            string.Create(CultureInfo.InvariantCulture, $"Building the guest kernel takes {NeededBytes / 1e9:0.0} GB for a while, and {Path.GetDirectoryName(work)} has {free / 1e9:0.0} GB left."),
            "Make room, or name another place with WISP_CACHE_DIR.", "disk-full");

    private async Task<Result> ConfigureAsync(string version, CancellationToken cancellation)
    {
        var asked = Path.Combine(work, "guest.config");
        await File.WriteAllTextAsync(asked, KernelRecipe.Configuration, cancellation);
        if ((await _tools.SucceedAsync("configure it", Make("KCONFIG_ALLCONFIG=" + asked, "allnoconfig"), cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        var unmet = KernelConfiguration.Unmet(KernelRecipe.Configuration, await File.ReadAllTextAsync(Path.Combine(_tree, ".config"), cancellation));
        return unmet.Count == 0
            ? Result.Success
            : new WispError(
                ErrorCode.OperationFailed, $"The guest kernel cannot be configured: {KernelRecipe.Package} {version} does not take {string.Join(", ", unmet)}.",
                "Wisp's guest.config has to follow the kernel: update Wisp, or report it.", "kernel-build");
    }

    private async Task<Result> CompileAsync(string version, IProgress<string>? progress, CancellationToken cancellation)
    {
        var jobs = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        progress?.Report($"Building the guest kernel {version}. This is done once and takes some minutes: about 12 of one processor, of which there are {jobs}");
        var compiled = new CompileProgress(progress, time);
        var turn = new Lock();
        Result<ToolOutput> made;
        await using (var writer = new StreamWriter(log))
        {
            made = await _tools.RunAsync(Make("-j" + jobs, Image), cancellation, line =>
            {
                // Both streams come here, each by its own thread.
                lock (turn)
                {
                    compiled.Hear(line.Text);
                    writer.WriteLine(line.Text);
                }
            });
        }

        return made.Failed(out var error, out var output) ? error
            : output.Ok ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"The guest kernel cannot be built: {LastWords(output)}", $"All that make said is in {log}.", "kernel-build");
    }

    private async Task<Result> StripAsync(CancellationToken cancellation)
    {
        var made = Directory.CreateDirectory(Path.Combine(work, Made)).FullName;
        var image = Path.Combine(made, Image);
        if ((await _tools.SucceedAsync("strip it", new ToolCommand("strip", [.. KernelRecipe.Strip, "-o", image, Path.Combine(_tree, Image)]), cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        // VMMs read it as users of their own.
        File.SetUnixFileMode(made, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(image, (UnixFileMode)0b110_100_100);
        return Result.Success;
    }

    /// <summary>The last lines of a build that failed, without make's own account of where it was. Pure.</summary>
    public static string LastWords(ToolOutput output)
    {
        var said = output.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("make", StringComparison.Ordinal)).TakeLast(3).ToArray();
        return said.Length > 0 ? string.Join(" | ", said) : output.LastLine;
    }

    // Behind everything else: machines of this node may run while it is made.
    private ToolCommand Make(params IReadOnlyList<string> arguments) => new("nice", ["-n", "10", "make", .. arguments])
    {
        WorkingDirectory = _tree,
        Environment = KernelRecipe.Variables(File.GetLastWriteTimeUtc(Path.Combine(_tree, "Makefile"))),
    };
}
