using Wisp.Guest.Native;

namespace Wisp.Guest.Boot;

/// <summary>Loads the modules that the initramfs brings, in the order it names.</summary>
internal static class KernelModules
{
    private const nint FinitModule = 313;
    private const int AlreadyLoaded = 17;

    /// <summary>Loads them; returns the first that failed, in words, or null.</summary>
    public static string? LoadAll(string directory)
    {
        foreach (var file in (Descriptor.ReadText(Path.Combine(directory, "order")) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fd = Libc.open(Path.Combine(directory, file), Libc.ReadOnly | Libc.CloseOnExec, 0);
            // SAFETY: finit_module(fd, parameters, flags) reads the descriptor and an empty string.
            if (fd < 0 || (Libc.syscall(FinitModule, fd, "", 0) != 0 && Libc.Errno != AlreadyLoaded))
            {
                return $"cannot load the module {file}: errno {Libc.Errno}";
            }

            _ = Libc.close(fd);
        }

        return null;
    }
}
