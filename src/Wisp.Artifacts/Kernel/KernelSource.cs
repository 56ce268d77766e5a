using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>Fetches Debian's source of the kernel.</summary>
internal sealed class KernelSource(string work, KernelTools tools)
{
    /// <summary>Fetches and unpacks it; returns its version.</summary>
    public async Task<Result<string>> FetchAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        progress?.Report($"Fetching the source of the guest kernel (Debian's {KernelRecipe.Package}, 140 MB)");
        if ((await tools.RunAsync(new ToolCommand("apt-get", "download", KernelRecipe.Package) { WorkingDirectory = work }, cancellation)).Failed(out var error, out var fetched))
        {
            return error;
        }

        if (!fetched.Ok || Directory.GetFiles(work, "*.deb") is not [var package])
        {
            return new WispError(
                ErrorCode.OperationFailed, $"Debian's {KernelRecipe.Package} cannot be downloaded: {fetched.LastLine}",
                "Connect to a Debian mirror once ('apt-get update' has to work); afterwards the kernel is cached.", "kernel-build");
        }

        progress?.Report($"Unpacking {Path.GetFileName(package)}");
        var unpacked = Path.Combine(work, "package");
        var archive = Path.Combine(unpacked, "usr", "src", KernelRecipe.Package + ".tar.xz");
        if ((await tools.SucceedAsync("read the package", new ToolCommand("dpkg-deb", "--field", package, "Version"), cancellation)).Failed(out error, out var version)
            || (await tools.SucceedAsync("unpack the package", new ToolCommand("dpkg-deb", "--extract", package, unpacked), cancellation)).Failed(out error, out _)
            || (await tools.SucceedAsync("unpack the source", new ToolCommand("tar", ["--extract", "--file", archive, "--directory", work, .. KernelRecipe.LeftOut.Select(path => "--exclude=" + path)]), cancellation)).Failed(out error, out _))
        {
            return error;
        }

        File.Delete(package);
        Directory.Delete(unpacked, recursive: true);
        return version.Stdout.Trim();
    }
}
