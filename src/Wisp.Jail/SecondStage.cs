namespace Wisp.Jail;

/// <summary>Builds the small world that the VMM sees, gives everything up, and becomes it.</summary>
internal static unsafe class SecondStage
{
    private const int RlimitCore = 4, RlimitNoFile = 7;

    // Where the library is inside: the list that the loader reads takes a space or a colon in a path for its end.
    private const string Preload = "/wisp-preload.so";

    /// <summary>Does not return when it succeeds.</summary>
    public static void Run(JailOptions options)
    {
        // From here on nobody hears this process but through its log: the first stage's pipes must end with the first stage.
        var log = JailException.Check(Libc.open(options.Log, Libc.WriteOnly | Libc.Create | Libc.Append | Libc.CloseOnExec, 0x180), "cannot open " + options.Log);
        var nothing = JailException.Check(Libc.open("/dev/null", Libc.ReadOnly | Libc.CloseOnExec, 0), "cannot open /dev/null");
        _ = Libc.dup2(nothing, 0);
        _ = Libc.dup2(log, 1);
        _ = Libc.dup2(log, 2);
        _ = Libc.setsid();
        BuildRoot(options);
        DropPrivileges(options.UserId);
        using var argv = new NativeStrings(options.Command);
        using var envp = new NativeStrings(["PATH=/usr/bin", "HOME=/", "LC_ALL=C", "LD_PRELOAD=" + Preload]);
        _ = Libc.execve(options.Command[0], argv.Pointer, envp.Pointer);
        throw new JailException("cannot run " + options.Command[0]);
    }

    private static void BuildRoot(JailOptions options)
    {
        var root = options.Root;
        Mount("none", "/", "", Libc.MountRecursive | Libc.MountPrivate, null);
        Mount("tmpfs", root, "tmpfs", Libc.MountNoSuid | Libc.MountNoExec, "mode=755,size=1m");
        foreach (var path in (string[])["/usr", "/lib", "/lib64", "/etc/ld.so.cache", .. options.ReadOnly])
        {
            Bind(root, path, path, Libc.MountReadOnly | Libc.MountNoSuid | Libc.MountNoDev);
        }

        Bind(root, options.Preload, Preload, Libc.MountReadOnly | Libc.MountNoSuid | Libc.MountNoDev);

        foreach (var path in options.Writable)
        {
            Bind(root, path, path, Libc.MountNoSuid | Libc.MountNoDev | Libc.MountNoExec);
        }

        foreach (var device in (string[])["/dev/null", "/dev/urandom", .. options.Kvm ? ["/dev/kvm"] : (string[])[]])
        {
            Bind(root, device, device, Libc.MountNoSuid | Libc.MountNoExec);
        }

        JailException.Check(Libc.chdir(root), "cannot enter the jail's root");
        JailException.Check((int)Libc.syscall(Libc.PivotRoot, ".", "."), "cannot make it the root");
        JailException.Check(Libc.umount2(".", Libc.Detach), "cannot leave the host's root");
        JailException.Check(Libc.chdir("/"), "cannot enter the new root");
        Mount("none", "/", "", Libc.MountRemount | Libc.MountBind | Libc.MountReadOnly | Libc.MountNoSuid | Libc.MountNoExec, null);
    }

    // Mostly the same path inside as outside, so that no path has to be translated.
    private static void Bind(string root, string path, string inside, ulong flags)
    {
        if (new FileInfo(path) is { LinkTarget: { } target } && path == inside)
        {
            // Merged /usr: /lib is a link to usr/lib.
            File.CreateSymbolicLink(root + inside, target);
            return;
        }

        if (Directory.Exists(path))
        {
            Directory.CreateDirectory(root + inside);
        }
        else if (File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root + inside)!);
            File.WriteAllBytes(root + inside, []);
        }
        else
        {
            throw new IOException($"{path} does not exist");
        }

        Mount(path, root + inside, "", Libc.MountBind, null);
        Mount("none", root + inside, "", Libc.MountRemount | Libc.MountBind | flags, null);
    }

    private static void DropPrivileges(uint user)
    {
        for (nuint capability = 0; capability < 64; capability++)
        {
            // Those that this kernel does not know are refused, which is as good.
            _ = Libc.prctl(Libc.DropBoundingCapability, capability, 0, 0, 0);
        }

        Limit(RlimitCore, 0);
        Limit(RlimitNoFile, 1024);
        // The runtime ignores SIGPIPE, and ignoring is inherited through exec.
        _ = Libc.signal(13, 0);
        // SAFETY: a count of 0 reads nothing.
        JailException.Check(Libc.setgroups(0, null), "cannot drop supplementary groups");
        JailException.Check(Libc.setgid(user), "cannot change the group");
        JailException.Check(Libc.setuid(user), "cannot change the user");
        JailException.Check(Libc.prctl(Libc.SetNoNewPrivileges, 1, 0, 0, 0), "cannot forgo new privileges");
    }

    private static void Limit(int resource, ulong value)
    {
        var pair = stackalloc ulong[] { value, value };
        // SAFETY: struct rlimit is two unsigned 64-bit numbers on x86-64.
        _ = Libc.setrlimit(resource, pair);
    }

    private static void Mount(string source, string target, string type, ulong flags, string? data) =>
        JailException.Check(Libc.mount(source, target, type, flags, data), $"cannot mount {target}");
}
