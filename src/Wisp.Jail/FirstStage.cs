using System.Runtime.InteropServices;

namespace Wisp.Jail;

/// <summary>What needs root in the host's namespaces.</summary>
internal static unsafe class FirstStage
{
    /// <summary>
    /// The descriptor at which the VMM finds a tap. It leads nowhere, into the VMM's own network namespace, and is replaced by the guest's
    /// when the VMM is given one. High, so that open never gives this very number: dup2 onto itself would leave the mark to close it on
    /// exec.
    /// </summary>
    public const int TapDescriptor = 100;

    private const nuint TunSetInterface = 0x400454CA;
    private const short Tap = 2, NoPacketInfo = 0x1000, VnetHeader = 0x4000;

    /// <summary>Starts the second stage and returns its process id as the host sees it.</summary>
    public static int Run(JailOptions options, string[] args)
    {
        foreach (var group in options.Cgroups)
        {
            File.WriteAllText(Path.Combine(group, "cgroup.procs"), "0");
        }

        _ = Libc.setsid();
        JailException.Check(
            Libc.unshare(Libc.NewNamespace | Libc.NewUts | Libc.NewIpc | Libc.NewNet | Libc.NewPid), "cannot make namespaces");
        OpenTap();
        return Spawn(args);
    }

    private static void OpenTap()
    {
        var fd = JailException.Check(Libc.open("/dev/net/tun", Libc.ReadWrite | Libc.CloseOnExec, 0), "cannot open /dev/net/tun");
        // struct ifreq: a name of 16 bytes and a union of 24 that holds the flags.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        "tap0"u8.CopyTo(new Span<byte>(request, 15));
        *(short*)(request + 16) = Tap | NoPacketInfo | VnetHeader;
        // SAFETY: the request is a whole struct ifreq and lives through the call.
        JailException.Check(Libc.ioctl(fd, TunSetInterface, request), "cannot make a tap");
        JailException.Check(Libc.dup2(fd, TapDescriptor), "cannot place the tap's descriptor");
    }

    private static int Spawn(string[] args)
    {
        var self = Environment.ProcessPath ?? throw new IOException("cannot find this executable");
        using var argv = new NativeStrings([self, "enter", .. args]);
        using var envp = new NativeStrings([]);
        int pid;
        // SAFETY: all arrays live through the call; no file actions, no attributes.
        var error = Libc.posix_spawn(&pid, self, null, null, argv.Pointer, envp.Pointer);
        if (error != 0)
        {
            Marshal.SetLastPInvokeError(error);
            throw new JailException("cannot start the second stage");
        }

        return pid;
    }
}
