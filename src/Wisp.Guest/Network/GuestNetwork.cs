using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Wisp.Guest.Native;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Network;

/// <summary>Brings lo and eth0 up with ioctls: an address of our own /32, a gateway on the link, and its MAC for good.</summary>
internal static unsafe class GuestNetwork
{
    private const nuint SetFlags = 0x8914, SetAddress = 0x8916, SetNetmask = 0x891C, AddRoute = 0x890B, SetArp = 0x8955;
    private const short Up = 1, Inet = 2;
    private const ushort RouteUp = 1, RouteGateway = 2, RouteHost = 4;
    private const int ArpPermanent = 4, ArpComplete = 2;

    /// <summary>Configures the network; returns the first failure in words, or null.</summary>
    public static string? Configure(GuestConfiguration configuration)
    {
        // SOCK_DGRAM
        var socket = Libc.socket(Inet, 2, 0);
        try
        {
            SetUp(socket, "lo");
            if (configuration is not { Address: { } address, Gateway: { } gateway, GatewayMac: { } mac })
            {
                return null;
            }

            WriteText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
            return Interface(socket, SetAddress, "eth0", address, "set the address")
                ?? Interface(socket, SetNetmask, "eth0", "255.255.255.255", "set the netmask")
                ?? (SetUp(socket, "eth0") ? null : $"bring eth0 up: errno {Libc.Errno}")
                ?? Route(socket, gateway, null, "255.255.255.255", "add the route to the gateway")
                ?? Neighbour(socket, gateway, mac)
                ?? Route(socket, "0.0.0.0", gateway, "0.0.0.0", "add the default route");
        }
        finally
        {
            _ = Libc.close(socket);
        }
    }

    /// <summary>The files that say who and where this machine is.</summary>
    public static void WriteFiles(GuestConfiguration configuration)
    {
        _ = Libc.sethostname(configuration.Hostname, (nuint)Encoding.UTF8.GetByteCount(configuration.Hostname));
        WriteText("/etc/hostname", configuration.Hostname + "\n");
        WriteText("/etc/hosts", Hosts(configuration.Hostname, configuration.Address));
        WriteText("/etc/resolv.conf", configuration.Nameserver is { } server ? $"nameserver {server}\n" : "");
    }

    /// <summary>/etc/hosts as Docker writes it. Pure.</summary>
    public static string Hosts(string hostname, string? address) =>
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + (address is null ? "" : $"{address}\t{hostname}\n");

    private static bool SetUp(int socket, string name)
    {
        var request = stackalloc byte[40];
        Name(request, name);
        // IFF_UP | IFF_RUNNING
        BinaryPrimitives.WriteInt16LittleEndian(new Span<byte>(request + 16, 2), Up | 0x40);
        // SAFETY: struct ifreq is 40 bytes: a name of 16 and a union; here it holds the flags.
        return Libc.ioctl(socket, SetFlags, request) == 0;
    }

    private static string? Interface(int socket, nuint request, string name, string address, string what)
    {
        var ifreq = stackalloc byte[40];
        Name(ifreq, name);
        Address(ifreq + 16, address);
        // SAFETY: struct ifreq as above; the union holds a sockaddr_in of 16 bytes.
        return Libc.ioctl(socket, request, ifreq) == 0 ? null : $"{what}: errno {Libc.Errno}";
    }

    private static string? Route(int socket, string destination, string? gateway, string mask, string what)
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

    private static string? Neighbour(int socket, string address, string mac)
    {
        // struct arpreq: pa at 0, ha at 16, flags at 32, netmask at 36, dev at 52; 68 bytes.
        var entry = stackalloc byte[68];
        new Span<byte>(entry, 68).Clear();
        Address(entry, address);
        // ARPHRD_ETHER
        entry[16] = 1;
        var bytes = mac.Split(':');
        for (var i = 0; i < 6; i++)
        {
            entry[18 + i] = byte.Parse(bytes[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

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

    private static void Address(byte* sockaddr, string address)
    {
        BinaryPrimitives.WriteInt16LittleEndian(new Span<byte>(sockaddr, 2), Inet);
        // SAFETY: struct sockaddr_in: the family, the port, the four bytes that inet_pton writes.
        if (Libc.inet_pton(Inet, address, sockaddr + 4) != 1)
        {
            throw new FormatException($"no address: {address}");
        }
    }

    private static void WriteText(string path, string text)
    {
        // Created or emptied, 0644.
        var fd = Libc.open(path, Libc.WriteOnly | Libc.CloseOnExec | 0x40 | 0x200, 0x1A4);
        if (fd >= 0)
        {
            Descriptor.Write(fd, Encoding.UTF8.GetBytes(text));
            _ = Libc.close(fd);
        }
    }
}
