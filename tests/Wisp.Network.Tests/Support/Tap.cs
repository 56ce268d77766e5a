using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Wisp.Network.Tests.Support;

/// <summary>The guest's side of a tap: sends and hears UDP in raw frames (linux/if_tun.h, with struct virtio_net_hdr in front).</summary>
internal sealed unsafe partial class Tap : IDisposable
{
    private const nuint SetInterface = 0x400454CA;
    private const ushort TapDevice = 0x0002, NoPacketInformation = 0x1000, VnetHeader = 0x4000;
    private const int ReadWrite = 2, CloseOnExec = 0x80000, VnetSize = 10, EthernetSize = 14, IpSize = 20, UdpSize = 8;
    private const int PatienceMs = 10_000;

    private readonly int _fd;
    private readonly SafeHandle? _held;
    private readonly byte[] _guestMac;
    private readonly byte[] _hostMac;

    public Tap(GuestInterface network, bool waits = true) : this(network.TapName, network.Mac, network.GatewayMac, waits) { }

    /// <summary>Takes over an end that somebody was attached to.</summary>
    public Tap(GuestInterface network, SafeHandle held)
    {
        (_guestMac, _hostMac) = (Mac(network.Mac), Mac(network.GatewayMac));
        (_held, _fd) = (held, (int)held.DangerousGetHandle());
    }

    public Tap(string name, string guestMac, string hostMac, bool waits = true)
    {
        _guestMac = Mac(guestMac);
        _hostMac = Mac(hostMac);
        _fd = open("/dev/net/tun", ReadWrite | CloseOnExec);
        // SAFETY: struct ifreq is 40 bytes: the name, then the flags.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name).CopyTo(new Span<byte>(request, 15));
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(request + 16, 2), TapDevice | NoPacketInformation | VnetHeader);
        var error = 0;
        // Busy (16): a process that another test has just forked holds the descriptor that made the tap until its exec.
        Assert.True(
            _fd >= 0 && SpinWait.SpinUntil(() => (error = ioctl(_fd, SetInterface, request) == 0 ? 0 : Marshal.GetLastPInvokeError()) != 16, PatienceMs) && error == 0,
            $"cannot open {name}: errno {error}");
        // The kernel drops what is sent before it has taken notice of the carrier. Asking for it makes kernels since 6.8 do so at
        // once; older ones need their time.
        Assert.True(
            !waits || SpinWait.SpinUntil(
                () => File.ReadAllText($"/sys/class/net/{name}/carrier").StartsWith('1') && File.ReadAllText($"/sys/class/net/{name}/operstate").Trim() == "up",
                PatienceMs),
            $"{name} does not come up");
    }

    public void Send(IPEndPoint from, IPEndPoint to, string text) => Send(from, to, Encoding.ASCII.GetBytes(text));

    public void Send(IPEndPoint from, IPEndPoint to, byte[] payload)
    {
        var frame = new byte[VnetSize + EthernetSize + IpSize + UdpSize + payload.Length];
        var ethernet = frame.AsSpan(VnetSize);
        _hostMac.CopyTo(ethernet);
        _guestMac.CopyTo(ethernet[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(ethernet[12..], 0x0800);
        var ip = ethernet[EthernetSize..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IpSize + UdpSize + payload.Length));
        ip[8] = 64;
        ip[9] = 17;
        from.Address.GetAddressBytes().CopyTo(ip[12..]);
        to.Address.GetAddressBytes().CopyTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..IpSize]));
        var udp = ip[IpSize..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpSize + payload.Length));
        payload.CopyTo(udp[UdpSize..]);
        fixed (byte* start = frame)
        {
            // SAFETY: the frame is pinned for the call.
            Assert.Equal(frame.Length, write(_fd, start, (nuint)frame.Length));
        }
    }

    /// <summary>The next UDP datagram; other frames (the kernel's own IPv6 ones) are passed over.</summary>
    public (IPEndPoint From, IPEndPoint To, string Text) Receive()
    {
        var (from, to, payload) = ReceiveBytes();
        return (from, to, Encoding.ASCII.GetString(payload));
    }

    public (IPEndPoint From, IPEndPoint To, byte[] Payload) ReceiveBytes()
    {
        var frame = new byte[2048];
        while (true)
        {
            var ready = new Poll { Fd = _fd, Events = 1 };
            // SAFETY: one structure, and the call is told so.
            Assert.True(poll(&ready, 1, PatienceMs) > 0, "nothing arrived");
            int length;
            fixed (byte* start = frame)
            {
                // SAFETY: the buffer is pinned for the call and its length is given.
                length = (int)read(_fd, start, (nuint)frame.Length);
            }

            var ip = frame.AsSpan(VnetSize + EthernetSize);
            if (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(VnetSize + 12)) == 0x0800 && ip[9] == 17)
            {
                var udp = ip[IpSize..];
                return (
                    new IPEndPoint(new IPAddress(ip.Slice(12, 4)), BinaryPrimitives.ReadUInt16BigEndian(udp)),
                    new IPEndPoint(new IPAddress(ip.Slice(16, 4)), BinaryPrimitives.ReadUInt16BigEndian(udp[2..])),
                    udp[UdpSize..(length - VnetSize - EthernetSize - IpSize)].ToArray());
            }
        }
    }

    public void Dispose()
    {
        if (_held is null)
        {
            _ = close(_fd);
        }

        _held?.Dispose();
    }

    private static byte[] Mac(string text) => [.. text.Split(':').Select(part => Convert.ToByte(part, 16))];

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Poll* descriptors, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);
}
