using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Network;

/// <summary>
/// Makes a guest's tap with its route and neighbour entry by system calls: a quarter of a millisecond, where starting <c>ip</c> takes
/// several, and every start of an instance waits for it. All calls are made on the caller's thread.
/// </summary>
internal static unsafe partial class TapInterface
{
    private const nuint SetInterface = 0x400454CA, SetPersistent = 0x400454CB;
    private const nuint SetHardwareAddress = 0x8924, SetFlags = 0x8914, GetIndex = 0x8933, SetNeighbour = 0x8955;
    private const short Tap = 2, NoPacketInfo = 0x1000, VnetHeader = 0x4000, Up = 1, Running = 0x40, Ethernet = 1, Internet = 2;
    private const int PermanentComplete = 4 | 2;

    /// <summary>Makes it; what was begun when it fails is for the caller to take away.</summary>
    /// <param name="network">What it shall be.</param>
    /// <exception cref="IOException">A step failed.</exception>
    public static void Create(GuestInterface network)
    {
        // SAFETY: the path is marshalled for the call.
        using var tun = new SafeFileHandle(open("/dev/net/tun", 2 | 0x80000), ownsHandle: true);
        // SAFETY: three integers.
        using var control = new SafeFileHandle(socket(Internet, 2 | 0x80000, 0), ownsHandle: true);
        // struct ifreq: a name of 16 bytes and a union of 24.
        var request = stackalloc byte[40];
        Name(request, network.TapName);
        *(short*)(request + 16) = Tap | NoPacketInfo | VnetHeader;
        Do(tun, SetInterface, request, "make the tap");
        // SAFETY: this request takes a number, not a pointer.
        Check(ioctl(tun, SetPersistent, (byte*)1), "keep the tap");

        Name(request, network.TapName);
        *(short*)(request + 16) = Ethernet;
        Mac(request + 18, network.GatewayMac);
        Do(control, SetHardwareAddress, request, "set its MAC address");

        Name(request, network.TapName);
        *(short*)(request + 16) = Up | Running;
        Do(control, SetFlags, request, "bring it up");

        Name(request, network.TapName);
        Do(control, GetIndex, request, "find its index");
        RouteMessage.Add(network.Address, *(int*)(request + 16), network.Gateway);
        SetNeighbourEntry(control, network);
    }

    /// <summary>Attaches to a tap that there is, as its machine does: what is sent to it waits in it. Null when somebody else is attached.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static SafeFileHandle? TryHold(string name)
    {
        const int busy = 16;
        // SAFETY: the path is marshalled for the call. Non-blocking, as a machine needs it.
        var tun = new SafeFileHandle(open("/dev/net/tun", 2 | 0x800 | 0x80000), ownsHandle: true);
        var request = stackalloc byte[40];
        Name(request, name);
        *(short*)(request + 16) = Tap | NoPacketInfo | VnetHeader;
        // SAFETY: the request is a whole struct ifreq and lives through the call.
        if (!tun.IsInvalid && ioctl(tun, SetInterface, request) == 0)
        {
            // Asked for, the kernel takes notice of the carrier at once; before that it drops what is sent.
            _ = File.ReadAllText($"/sys/class/net/{name}/carrier");
            return tun;
        }

        var error = Marshal.GetLastPInvokeError();
        tun.Dispose();
        return error == busy ? null : throw new IOException($"hold {name}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static void SetNeighbourEntry(SafeHandle control, GuestInterface network)
    {
        // struct arpreq: pa at 0, ha at 16, flags at 32, netmask at 36, dev at 52; 68 bytes.
        var entry = stackalloc byte[68];
        new Span<byte>(entry, 68).Clear();
        *(short*)entry = Internet;
        network.Address.TryWriteBytes(new Span<byte>(entry + 4, 4), out _);
        *(short*)(entry + 16) = Ethernet;
        Mac(entry + 18, network.Mac);
        *(int*)(entry + 32) = PermanentComplete;
        Encoding.ASCII.GetBytes(network.TapName, new Span<byte>(entry + 52, 15));
        Do(control, SetNeighbour, entry, "add the neighbour entry");
    }

    private static void Name(byte* request, string name)
    {
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
    }

    private static void Mac(byte* target, string mac)
    {
        var bytes = mac.Split(':');
        for (var i = 0; i < 6; i++)
        {
            target[i] = byte.Parse(bytes[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
    }

    // SAFETY: every request above is as long as its structure and lives on its caller's stack.
    private static void Do(SafeHandle file, nuint request, byte* argument, string what) => Check(file.IsInvalid ? -1 : ioctl(file, request, argument), what);

    private static void Check(int answer, string what)
    {
        if (answer < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeHandle file, nuint request, byte* argument);
}
