using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines.Qemu;

/// <summary>A persistent tap's host end, to be handed to a VMM, which may not open one itself.</summary>
internal static unsafe partial class TapDevice
{
    private const nuint SetInterface = 0x400454CA;
    private const short Tap = 2, NoPacketInfo = 0x1000, VnetHeader = 0x4000;
    private const int ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000, Busy = 16, PatienceMs = 2000;

    /// <summary>Attaches to the tap.</summary>
    /// <exception cref="IOException">There is none, or somebody is attached to it.</exception>
    public static SafeFileHandle Open(string name)
    {
        // The name of none would make a new one, which no network knows.
        if (if_nametoindex(name) == 0)
        {
            throw new IOException($"there is no tap {name}");
        }

        // SAFETY: the path is marshalled for the call.
        var tap = new SafeFileHandle(open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec), ownsHandle: true);
        // struct ifreq: a name of 16 bytes and a union of 24 that holds the flags.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = Tap | NoPacketInfo | VnetHeader;
        var error = 0;
        // A process that this one has just forked holds copies of all descriptors until its exec, the one that made the tap too.
        if (tap.IsInvalid || !SpinWait.SpinUntil(() => (error = Attach(tap, request)) != Busy, PatienceMs) || error != 0)
        {
            error = tap.IsInvalid ? Marshal.GetLastPInvokeError() : error;
            tap.Dispose();
            throw new IOException($"cannot attach to the tap {name} (errno {error})");
        }

        return tap;
    }

    // SAFETY: the request is a whole struct ifreq and lives through the call.
    private static int Attach(SafeHandle tap, byte* request) => ioctl(tap, SetInterface, request) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeHandle file, nuint request, byte* argument);
}
