using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Wisp.Network;

/// <summary>Adds a route with a preferred source address, which only netlink can (rtnetlink(7), RTM_NEWROUTE).</summary>
internal static class RouteMessage
{
    private const int RouteFamily = 0;
    private const ushort NewRoute = 24, Request = 1, Acknowledge = 4, Exclusive = 0x200, Create = 0x400;
    private const byte Internet = 2, MainTable = 254, BootProtocol = 3, LinkScope = 253, Unicast = 1;
    private const ushort Destination = 1, OutInterface = 4, PreferredSource = 7;
    private const int Length = 16 + 12 + (3 * 8);

    /// <summary>Adds a route to one address.</summary>
    /// <exception cref="IOException">It is there already, or the kernel refuses.</exception>
    public static void Add(IPAddress destination, int index, IPAddress source)
    {
        var message = Build(destination, index, source);
        Span<byte> answer = stackalloc byte[256];
        using var netlink = NetlinkSocket.Open(RouteFamily);
        var error = netlink.Send(message);
        if (error == 0)
        {
            // NLMSG_ERROR carries a negative errno, 0 when all is well.
            error = netlink.Receive(answer) is < 0 and var failed ? -failed : -BinaryPrimitives.ReadInt32LittleEndian(answer[16..]);
        }

        if (error != 0)
        {
            throw new IOException($"add the route: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>The message: header, struct rtmsg, three attributes. Pure.</summary>
    internal static byte[] Build(IPAddress destination, int index, IPAddress source)
    {
        var message = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), NewRoute);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), Request | Acknowledge | Exclusive | Create);
        ReadOnlySpan<byte> route = [Internet, 32, 0, 0, MainTable, BootProtocol, LinkScope, Unicast];
        route.CopyTo(message.AsSpan(16));
        Attribute(message.AsSpan(28), Destination, destination.GetAddressBytes());
        Attribute(message.AsSpan(36), OutInterface, BitConverter.GetBytes(index));
        Attribute(message.AsSpan(44), PreferredSource, source.GetAddressBytes());
        return message;
    }

    private static void Attribute(Span<byte> target, ushort type, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, 8);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], type);
        value.CopyTo(target[4..]);
    }
}
