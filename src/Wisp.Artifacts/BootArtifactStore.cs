using Wisp.Artifacts.Initramfs;
using Wisp.Artifacts.Kernel;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Artifacts;

/// <summary>
/// Makes what guests boot from, once, and keeps it in <see cref="DataDirectory.CacheDirectory"/>: the kernel by its source and recipe,
/// the initramfs by what goes into it. Delete the directory, and the next start builds Debian's current kernel. Several processes may
/// ask at once: one builds the kernel and the others wait for it; each makes its own initramfs and the last rename wins, which changes
/// nothing since all are alike.
/// </summary>
/// <param name="tools">Runs apt-get, make, cpio and their like.</param>
/// <param name="time">The clock.</param>
public sealed class BootArtifactStore(IToolRunner tools, TimeProvider time)
{
    private readonly string _directory = Path.Combine(DataDirectory.CacheDirectory, "boot");

    /// <summary>Makes what is missing.</summary>
    /// <param name="progress">Hears of each step that takes long.</param>
    /// <param name="cancellation">Gives up, leaving nothing half made.</param>
    /// <returns>The paths, or an error naming the step that failed.</returns>
    public async Task<Result<BootArtifacts>> EnsureAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        if (NativeBinaries.Locate("wisp-init").Failed(out var error, out var init))
        {
            return error;
        }

        try
        {
            Directory.CreateDirectory(_directory);
            if ((await new GuestKernel(_directory, tools, time).EnsureAsync(progress, cancellation)).Failed(out error, out var kernel)
                || (await new InitramfsArchive(_directory, tools).EnsureAsync(init, cancellation)).Failed(out error, out var initramfs))
            {
                return error;
            }

            return new BootArtifacts(kernel, initramfs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot keep the guest kernel in {_directory}: {exception.Message}",
                "See that the disk has room, or name another place with WISP_CACHE_DIR.", "disk-full");
        }
    }
}
