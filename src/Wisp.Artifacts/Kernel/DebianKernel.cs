using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>
/// The kernel of Debian's <c>linux-image-cloud-amd64</c>: a small configuration for virtual machines that Debian keeps patched.
/// Only the kernel and a dozen modules are kept; nothing is installed on the host.
/// </summary>
internal sealed class DebianKernel(string directory, IToolRunner tools)
{
    private const string MetaPackage = "linux-image-cloud-amd64";

    // A directory name begins with the version of this recipe, so that a change of it makes new files.
    private const string Prefix = "kernel3-";

    private static readonly WispError Unreachable = new(
        ErrorCode.OperationFailed, $"Debian's {MetaPackage} cannot be downloaded.",
        "Connect to a Debian mirror once ('apt-get update' has to work); afterwards the kernel is cached.", "missing-program");

    /// <summary>The cached kernel, else Debian's current one.</summary>
    public async Task<Result<KernelFiles>> EnsureAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        // The newest that is here: apt is asked only when there is none, so a node with a cache starts without a network.
        var cached = Directory.GetDirectories(directory, Prefix + "*").OrderByDescending(path => path, StringComparer.Ordinal).FirstOrDefault();
        if (cached is not null)
        {
            return Describe(cached);
        }

        progress?.Report($"Fetching Debian's cloud kernel ({MetaPackage})");
        var work = Directory.CreateTempSubdirectory("wisp-kernel-").FullName;
        try
        {
            return await MakeAsync(work, progress, cancellation);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<Result<KernelFiles>> MakeAsync(string work, IProgress<string>? progress, CancellationToken cancellation)
    {
        var depends = await RunAsync(new ToolCommand("apt-cache", "depends", MetaPackage), cancellation);
        if (depends.Failed(out var error, out var output))
        {
            return error;
        }

        var package = output.Stdout.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("Depends: linux-image-", StringComparison.Ordinal))?["Depends: ".Length..];
        if (package is null
            || !(await RunAsync(new ToolCommand("apt-get", "download", package) { WorkingDirectory = work }, cancellation)).IsSuccess
            || Directory.GetFiles(work, "*.deb") is not [var archive])
        {
            return Unreachable;
        }

        progress?.Report($"Unpacking {package}");
        var tree = Path.Combine(work, "tree");
        if ((await RunAsync(new ToolCommand("dpkg-deb", "-x", archive, tree), cancellation)).Failed(out error, out _))
        {
            return error;
        }

        var release = package["linux-image-".Length..];
        var made = Path.Combine(directory, $".{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(made);
            if ((await BzImage.UnpackAsync(Path.Combine(tree, "boot", "vmlinuz-" + release), Path.Combine(made, "vmlinux"), tools, cancellation)).Failed(out error))
            {
                return error;
            }

            if (KernelModules.Select(Path.Combine(tree, "lib", "modules", release)).Failed(out error, out var modules))
            {
                return error;
            }

            Directory.CreateDirectory(Path.Combine(made, "modules"));
            foreach (var module in modules.All)
            {
                var bytes = KernelModules.WithoutSignature(await File.ReadAllBytesAsync(module, cancellation));
                await File.WriteAllBytesAsync(Path.Combine(made, "modules", Path.GetFileName(module)), bytes, cancellation);
            }

            foreach (var (list, names) in new[] { ("order", modules.Boot), ("vsock", modules.Vsock) })
            {
                await File.WriteAllLinesAsync(Path.Combine(made, "modules", list), names.Select(module => Path.GetFileName(module)), cancellation);
            }

            var place = Path.Combine(directory, Prefix + release);
            if (!Directory.Exists(place))
            {
                Directory.Move(made, place);
            }

            return Describe(place);
        }
        finally
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    private static KernelFiles Describe(string place) =>
        new(Path.GetFileName(place)[Prefix.Length..], Path.Combine(place, "vmlinux"), Path.Combine(place, "modules"));

    private async Task<Result<ToolOutput>> RunAsync(ToolCommand command, CancellationToken cancellation)
    {
        var ran = await tools.RunAsync(command, null, cancellation);
        return ran.Failed(out var error, out var output) ? error
            : output.Ok ? output
            : new WispError(ErrorCode.OperationFailed, $"{command.Program} failed: {output.LastLine}", Unreachable.NextStep);
    }
}
