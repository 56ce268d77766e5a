using System.Runtime.InteropServices;

namespace Wisp.Guest.Native;

/// <summary>
/// The system calls that init makes, through glibc (linked statically). All of them are plain C functions over integers and
/// pointers that live for the call; a negative answer leaves the reason in errno.
/// </summary>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0, ReadWrite = 2, NonBlock = 0x800, CloseOnExec = 0x80000, WriteOnly = 1, NoControllingTerminal = 0x100;
    public const int EIo = 5, ENoSys = 38, EInval = 22, ERange = 34, EBusy = 16, EStale = 116, EBadF = 9, ENoDev = 19;
    public const int EAgain = 11, EIntr = 4, EAcces = 13, ENoEnt = 2, ENotDir = 20, ENoExec = 8, EPerm = 1, EIsDir = 21;
    public const uint EpollIn = 1, EpollOut = 4, EpollHup = 0x10, EpollEdge = 1u << 31;
    public const int EpollAdd = 1, EpollDelete = 2;
    public const ulong MountReadOnly = 1, MountNoSuid = 2, MountNoDev = 4, MountNoExec = 8, MountMove = 8192, MountBind = 4096;
    public const int ClockRealtime = 0, ClockBoottime = 7;
    public const int SigKill = 9, SigTerm = 15, SigPipe = 13;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string source, string target, string type, ulong flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int symlink(string target, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chroot(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sethostname(string name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(int fd, uint user, uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* fds, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, EpollEvent* happened);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int epoll, EpollEvent* events, int count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int inet_pton(int family, string text, void* address);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int clock_settime(int clock, Timespec* time);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int clock_gettime(int clock, Timespec* time);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(int* pid, string path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgid(uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setuid(uint user);

    [LibraryImport("libc", SetLastError = true)]
    public static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sigprocmask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setrlimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int execve(string path, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    public static partial void sync();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int reboot(int command);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tcgetattr(int fd, void* settings);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tcsetattr(int fd, int when, void* settings);

    [LibraryImport("libc", SetLastError = true)]
    public static partial void cfmakeraw(void* settings);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setscheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setaffinity(int thread, nuint size, ulong* processors);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_getaffinity(int thread, nuint size, ulong* processors);

    [LibraryImport("libc")]
    public static partial int sched_getcpu();

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pwrite(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(int fd, long length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int connect(int socket, void* address, uint length);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, ulong* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(void* attributes, ulong* signals);

    [LibraryImport("libc")]
    public static partial void _exit(int code);

    public static int Errno => Marshal.GetLastPInvokeError();
}
