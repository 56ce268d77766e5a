using Wisp.Guest.Native;

namespace Wisp.Guest.Boot;

/// <summary>
/// From the initramfs to the image: the erofs disk read-only below, a tmpfs above, and the result as root. The process stays the
/// same; there is no second exec.
/// </summary>
internal static class RootFilesystem
{
    /// <summary>The kernel's own filesystems, needed before anything can be found.</summary>
    public static void MountKernel(string root)
    {
        Mount("proc", root + "/proc", "proc", Libc.MountNoSuid | Libc.MountNoDev | Libc.MountNoExec, null);
        Mount("sysfs", root + "/sys", "sysfs", Libc.MountNoSuid | Libc.MountNoDev | Libc.MountNoExec, null);
        Mount("devtmpfs", root + "/dev", "devtmpfs", Libc.MountNoSuid, "mode=755");
    }

    /// <summary>Makes the image the root of this process. Returns why not, or null.</summary>
    public static string? Switch(string disk)
    {
        foreach (var directory in new[] { "/lower", "/layer", "/newroot" })
        {
            _ = Libc.mkdir(directory, 0x1ED);
        }

        if (Libc.mount(disk, "/lower", "erofs", Libc.MountReadOnly, null) != 0)
        {
            return $"cannot mount the root disk {disk} as erofs: errno {Libc.Errno}";
        }

        Mount("tmpfs", "/layer", "tmpfs", 0, $"mode=755,size={WritableKib()}k");
        _ = Libc.mkdir("/layer/upper", 0x1ED);
        _ = Libc.mkdir("/layer/work", 0x1ED);
        if (Libc.mount("overlay", "/newroot", "overlay", 0, "lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work") != 0)
        {
            return $"cannot mount the overlay: errno {Libc.Errno}";
        }

        foreach (var name in new[] { "proc", "sys", "dev" })
        {
            _ = Libc.mkdir("/newroot/" + name, 0x1ED);
            if (Libc.mount("/" + name, "/newroot/" + name, "", Libc.MountMove, null) != 0)
            {
                return $"cannot move /{name}: errno {Libc.Errno}";
            }
        }

        if (Libc.chdir("/newroot") != 0 || Libc.mount(".", "/", "", Libc.MountMove, null) != 0 || Libc.chroot(".") != 0 || Libc.chdir("/") != 0)
        {
            return $"cannot make the image the root: errno {Libc.Errno}";
        }

        Complete();
        return null;
    }

    // What Docker gives a container besides its image.
    private static void Complete()
    {
        const ulong plain = Libc.MountNoSuid | Libc.MountNoDev;
        Mount("devpts", "/dev/pts", "devpts", Libc.MountNoSuid | Libc.MountNoExec, "newinstance,ptmxmode=0666,mode=0620,gid=5");
        Mount("shm", "/dev/shm", "tmpfs", plain | Libc.MountNoExec, "mode=1777,size=64m");
        Mount("mqueue", "/dev/mqueue", "mqueue", plain | Libc.MountNoExec, null);
        Mount("run", "/run", "tmpfs", plain, "mode=755");
        // Mode 1777 in octal.
        _ = Libc.mkdir("/tmp", 0x3FF);
        _ = Libc.symlink("/proc/self/fd", "/dev/fd");
        _ = Libc.symlink("/proc/self/fd/0", "/dev/stdin");
        _ = Libc.symlink("/proc/self/fd/1", "/dev/stdout");
        _ = Libc.symlink("/proc/self/fd/2", "/dev/stderr");
        _ = Libc.symlink("pts/ptmx", "/dev/ptmx");
    }

    // 60 % of what is free now, so that a full root filesystem is an application's ENOSPC and not the guest's out-of-memory killer.
    private static long WritableKib()
    {
        const string field = "MemAvailable:";
        var text = Descriptor.ReadText("/proc/meminfo") ?? "";
        var start = text.IndexOf(field, StringComparison.Ordinal);
        var words = start < 0 ? [] : text[(start + field.Length)..].Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && long.TryParse(words[0], out var available) ? available * 6 / 10 : 16 << 10;
    }

    private static void Mount(string source, string target, string type, ulong flags, string? data)
    {
        // 0755; one that exists is fine, and a filesystem that this kernel lacks is the application's to miss.
        _ = Libc.mkdir(target, 0x1ED);
        _ = Libc.mount(source, target, type, flags, data);
    }
}
