using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Daemon;

/// <summary>
/// The tmpfs for guest RAM. RAM files are on a tmpfs of our own and not on the data disk, because the kernel writes dirty pages
/// of a shared file mapping back to disk, which stalls a guest, and a full disk would kill it.
/// </summary>
internal static class MemoryMount
{
    public static async Task<Result> EnsureAsync(DataDirectory data, IToolRunner tools, CancellationToken cancellation)
    {
        if (IsMounted(data))
        {
            return Result.Success;
        }

        var mounted = await tools.RunAsync(
            new ToolCommand("mount", "-t", "tmpfs", "-o", "nosuid,nodev,noexec,mode=0711,size=90%", "wisp-memory", data.Memory), null, cancellation);
        return mounted.Failed(out var error, out var output)
            ? error
            : output.Ok
                ? Result.Success
                : new WispError(ErrorCode.OperationFailed, $"Cannot mount a tmpfs on {data.Memory}: {output.LastLine}", "See that mounting is allowed here (a container may forbid it).");
    }

    public static async Task<Result> RemoveAsync(DataDirectory data, IToolRunner tools, CancellationToken cancellation)
    {
        if (!IsMounted(data))
        {
            return Result.Success;
        }

        var unmounted = await tools.RunAsync(new ToolCommand("umount", data.Memory), null, cancellation);
        return unmounted.Failed(out var error, out var output)
            ? error
            : output.Ok ? Result.Success : new WispError(ErrorCode.OperationFailed, $"Cannot unmount {data.Memory}: {output.LastLine}");
    }

    private static bool IsMounted(DataDirectory data) =>
        File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ') is [_, var point, ..] && point == data.Memory);
}
