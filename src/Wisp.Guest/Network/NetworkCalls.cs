using System.Buffers.Binary;
using System.Text;
using Wisp.Guest.Native;

namespace Wisp.Guest.Network;

/// <summary>The ioctls that set up interfaces; each returns its failure in words, or null.</summary>
internal static unsafe class NetworkCalls
{
    public const nuint SetAddress = 0x8916, SetNetmask = 0x891C;
    private const nuint SetFlags = 0x8914, SetHardware = 0x8924, AddRoute = 0x890B, SetArp = 0x8955, GetIndex = 0x8933;
    private const short Inet = 2;
    private const ushort RouteUp = 1, RouteGateway = 2, RouteHost = 4;
    private const int ArpPermanent = 4, ArpComplete = 2;

    /// <summary>The socket that they are made on.</summary>
    // SOCK_DGRAM | SOCK_CLOEXEC
    public static int Socket() => Libc.socket(Inet, 2 | Libc.CloseOnExec, 0);

    /// <summary>Brings an interface up or down.</summary>
    public static string? SetUp(int socket, string name, bool isUp = true)
    {
        var request = stackalloc byte[40];
        Name(request, name);
        // IFF_UP | IFF_RUNNING
        BinaryPrimitives.WriteInt16LittleEndian(new Span<byte>(request + 16, 2), (short)(isUp ? 0x41 : 0));
        // SAFETY: struct ifreq is 40 bytes: a name of 16 and a union; here it holds the flags.
        return Libc.ioctl(socket, SetFlags, request) == 0 ? null : $"bring {name} {(isUp ? "up" : "down")}: errno {Libc.Errno}";
    }

    /// <summary>The index of eth0; 0 when there is none.</summary>
    public static int Index(int socket)
    {
        var request = stackalloc byte[40];
        Name(request, "eth0");
        // SAFETY: struct ifreq as above; the union receives the index.
        return Libc.ioctl(socket, GetIndex, request) == 0 ? BinaryPrimitives.ReadInt32LittleEndian(new Span<byte>(request + 16, 4)) : 0;
    }

    /// <summary>Gives eth0 a MAC address; virtio's takes one while it is up.</summary>
    public static string? Hardware(int socket, string mac)
    {
        var request = stackalloc byte[40];
        Name(request, "eth0");
        // ARPHRD_ETHER
        request[16] = 1;
        Mac(request + 18, mac);
        // SAFETY: struct ifreq as above; the union holds a struct sockaddr of 16 bytes.
        return Libc.ioctl(socket, SetHardware, request) == 0 ? null : $"set the MAC address: errno {Libc.Errno}";
    }

    /// <summary>Sets an address or a netmask.</summary>
    public static string? Interface(int socket, nuint request, string name, string address, string what)
    {
        var ifreq = stackalloc byte[40];
        Name(ifreq, name);
        Address(ifreq + 16, address);
        // SAFETY: struct ifreq as above; the union holds a sockaddr_in of 16 bytes.
        return Libc.ioctl(socket, request, ifreq) == 0 ? null : $"{what}: errno {Libc.Errno}";
    }

    /// <summary>Adds a route over eth0.</summary>
    public static string? Route(int socket, string destination, string? gateway, string mask, string what)
    {
        // struct rtentry on x86-64: dst at 8, gateway at 24, genmask at 40, flags at 56, dev (pointer) at 88; 120 bytes.
        var entry = stackalloc byte[120];
        new Span<byte>(entry, 120).Clear();
        Address(entry + 8, destination);
        Address(entry + 40, mask);
        var flags = RouteUp;
        if (gateway is null)
        {
            flags |= RouteHost;
        }
        else
        {
            flags |= RouteGateway;
            Address(entry + 24, gateway);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(entry + 56, 2), flags);
        var device = "eth0\0"u8;
        fixed (byte* name = device)
        {
            *(byte**)(entry + 88) = name;
            // SAFETY: the entry and the device's name live through the call.
            return Libc.ioctl(socket, AddRoute, entry) == 0 ? null : $"{what}: errno {Libc.Errno}";
        }
    }

    /// <summary>Sets a permanent neighbour of eth0.</summary>
    public static string? Neighbour(int socket, string address, string mac)
    {
        // struct arpreq: pa at 0, ha at 16, flags at 32, netmask at 36, dev at 52; 68 bytes.
        var entry = stackalloc byte[68];
        new Span<byte>(entry, 68).Clear();
        Address(entry, address);
        // ARPHRD_ETHER
        entry[16] = 1;
        Mac(entry + 18, mac);
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(entry + 32, 4), ArpPermanent | ArpComplete);
        Encoding.ASCII.GetBytes("eth0").CopyTo(new Span<byte>(entry + 52, 16));
        // SAFETY: struct arpreq as above.
        return Libc.ioctl(socket, SetArp, entry) == 0 ? null : $"add the gateway's neighbour entry: errno {Libc.Errno}";
    }

    private static void Name(byte* request, string name)
    {
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name).CopyTo(new Span<byte>(request, 15));
    }

    // "02:57:00:00:00:02": two digits a byte.
    private static void Mac(byte* bytes, string mac)
    {
        for (var i = 0; i < 6; i++)
        {
            bytes[i] = (byte)((Digit(mac[3 * i]) << 4) | Digit(mac[(3 * i) + 1]));
        }
    }

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static void Address(byte* sockaddr, string address)
    {
        BinaryPrimitives.WriteInt16LittleEndian(new Span<byte>(sockaddr, 2), Inet);
        // SAFETY: struct sockaddr_in: the family, the port, the four bytes that inet_pton writes.
        if (Libc.inet_pton(Inet, address, sockaddr + 4) != 1)
        {
            throw new FormatException($"no address: {address}");
        }
    }
}
