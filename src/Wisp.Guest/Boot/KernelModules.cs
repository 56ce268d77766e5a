using Wisp.Guest.Native;

namespace Wisp.Guest.Boot;

/// <summary>Loads the modules that the initramfs brings, in the order that its lists name.</summary>
internal static class KernelModules
{
    private const nint FinitModule = 313;
    private const int AlreadyLoaded = 17;

    // Held open for good: the directory is out of reach once the image is the root, and what is left in it is needed later.
    private const int Held = 9;

    /// <summary>Loads what every guest needs; returns the first that failed, in words, or null.</summary>
    public static string? LoadAll(string directory)
    {
        foreach (var file in List(directory, "order"))
        {
            var path = Path.Combine(directory, file);
            if (Load(path) is { } failed)
            {
                return failed;
            }

            // The memory that the initramfs is in would be in every snapshot.
            _ = Libc.unlink(path);
        }

        return null;
    }

    /// <summary>
    /// Has the kernel ask this very program when it misses a module (it runs what kernel.modprobe names with "-q -- name"), so that
    /// modules few need cost nobody else anything.
    /// </summary>
    public static void ServeLater(string directory)
    {
        var fd = Libc.open(directory, Libc.ReadOnly | Libc.DirectoryFlag | Libc.CloseOnExec, 0);
        if (fd >= 0)
        {
            _ = Libc.dup3(fd, Held, Libc.CloseOnExec);
            _ = Libc.close(fd);
            Descriptor.WriteText("/proc/sys/kernel/modprobe", "/proc/1/exe");
        }
    }

    /// <summary>What the kernel asked for; returns an exit code.</summary>
    public static int LoadOne(string name)
    {
        // AF_VSOCK. Nothing else is here.
        if (name != "net-pf-40")
        {
            return 1;
        }

        var directory = $"/proc/1/fd/{Held}";
        foreach (var file in List(directory, "vsock"))
        {
            if (Load(Path.Combine(directory, file)) is not null)
            {
                return 1;
            }
        }

        return 0;
    }

    private static string[] List(string directory, string name) =>
        (Descriptor.ReadText(Path.Combine(directory, name)) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Load(string path)
    {
        var fd = Libc.open(path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        // SAFETY: finit_module(fd, parameters, flags) reads the descriptor and an empty string.
        if (fd < 0 || (Libc.syscall(FinitModule, fd, "", 0) != 0 && Libc.Errno != AlreadyLoaded))
        {
            return $"cannot load the module {Path.GetFileName(path)}: errno {Libc.Errno}";
        }

        _ = Libc.close(fd);
        return null;
    }
}
