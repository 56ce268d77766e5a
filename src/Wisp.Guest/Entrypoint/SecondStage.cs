using System.Runtime.InteropServices;
using Wisp.Guest.Native;

namespace Wisp.Guest.Entrypoint;

/// <summary>
/// The process that becomes the application: reads its launch block, gives up root, and replaces itself. Between fork and exec of a
/// multi-threaded process nothing managed may run; a process of its own may do all it likes.
/// </summary>
internal static unsafe class SecondStage
{
    /// <summary>Descriptors it is started with, besides 0, 1 and 2.</summary>
    public const int BlockDescriptor = 3, ErrorDescriptor = 4;

    private const int RlimitNoFile = 7, RlimitCore = 4;
    private const int SetMask = 2, SetDescriptorFlags = 2;

    /// <summary>Does not return when it succeeds; otherwise reports errno on the error descriptor.</summary>
    public static int Run()
    {
        var block = LaunchBlock.Decode(ReadAll(BlockDescriptor));
        _ = Libc.close(BlockDescriptor);
        _ = Libc.fcntl(ErrorDescriptor, SetDescriptorFlags, 1);
        _ = Libc.setsid();
        _ = Libc.umask(0x12);
        Limit(RlimitNoFile, 1_048_576);
        Limit(RlimitCore, ulong.MaxValue);
        Descriptor.WriteText("/proc/self/oom_score_adj", "0");
        for (var signal = 1; signal <= 64; signal++)
        {
            // SAFETY: a null handler is SIG_DFL; the runtime ignores some signals, and ignoring is inherited through exec.
            _ = Libc.signal(signal, 0);
        }

        // SAFETY: glibc's sigset_t is 1024 bits.
        var none = stackalloc ulong[16];
        new Span<ulong>(none, 16).Clear();
        _ = Libc.sigprocmask(SetMask, none, null);
        fixed (uint* groups = block.Identity.Supplementary)
        {
            // SAFETY: the array is pinned; a count of 0 allows a null pointer.
            if (Libc.setgroups((nuint)block.Identity.Supplementary.Length, groups) != 0
                || Libc.setgid(block.Identity.Group) != 0
                || Libc.setuid(block.Identity.User) != 0)
            {
                return Report();
            }
        }

        if (Libc.chdir(block.WorkingDirectory) != 0)
        {
            return Report();
        }

        using var argv = new NativeStrings(block.Argv);
        using var envp = new NativeStrings(block.Environment);
        _ = Libc.execve(block.Program, argv.Pointer, envp.Pointer);
        return Report();
    }

    private static int Report()
    {
        var error = Libc.Errno;
        Descriptor.Write(ErrorDescriptor, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in error)));
        return 126;
    }

    private static byte[] ReadAll(int fd)
    {
        using var all = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        for (int count; (count = Descriptor.Read(fd, buffer)) > 0;)
        {
            all.Write(buffer[..count]);
        }

        return all.ToArray();
    }

    private static void Limit(int resource, ulong value)
    {
        var pair = stackalloc ulong[] { value, value };
        // SAFETY: struct rlimit is two unsigned 64-bit numbers on x86-64.
        _ = Libc.setrlimit(resource, pair);
    }
}
