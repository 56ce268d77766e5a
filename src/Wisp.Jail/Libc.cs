using System.Runtime.InteropServices;
using System.Text;

namespace Wisp.Jail;

/// <summary>
/// The system calls that build a jail, through glibc (linked statically). Plain C functions over integers and pointers that live
/// for the call; a negative answer leaves the reason in errno.
/// </summary>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;
    public const int NewNamespace = 0x20000, NewUts = 0x4000000, NewIpc = 0x8000000, NewPid = 0x20000000, NewNet = 0x40000000;
    public const ulong MountReadOnly = 1, MountNoSuid = 2, MountNoDev = 4, MountNoExec = 8, MountRemount = 32, MountBind = 4096, MountRecursive = 16384, MountPrivate = 1 << 18;
    public const int Detach = 2;
    public const int SetNoNewPrivileges = 38, DropBoundingCapability = 24;
    public const nint PivotRoot = 155;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string source, string target, string type, ulong flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint syscall(nint number, string first, string second);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgid(uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setuid(uint user);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setrlimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int execve(string path, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(int* pid, string path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static partial void _exit(int code);

    /// <summary>
    /// Says a line and ends the process. Not by Console and return: those want a thread for signals, and a process whose children go
    /// to another pid namespace cannot make threads any more (clone(2), EINVAL).
    /// </summary>
    public static void Leave(int code, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* start = bytes)
        {
            // SAFETY: the array is pinned through the call. A pipe takes a line this short at once.
            _ = write(code == 0 ? 1 : 2, start, (nuint)bytes.Length);
        }

        _exit(code);
    }

    public static int Errno => Marshal.GetLastPInvokeError();
}
