using System.Buffers.Binary;
using Wisp.Guest.Native;

namespace Wisp.Guest.Network;

/// <summary>
/// One address of eth0 for another, over netlink: the new one is there before the old one goes, so the interface keeps its routes,
/// which ioctls would have the kernel take down and set up anew, twice.
/// </summary>
internal static unsafe class AddressChange
{
    private const int Inet = 2, MessageSize = 40;
    private const ushort NewAddress = 20, DeleteAddress = 21;

    /// <summary>Makes the change; returns the failure in words, or null.</summary>
    /// <param name="index">The interface's index.</param>
    /// <param name="old">The address that it has.</param>
    /// <param name="address">The one that it gets.</param>
    public static string? Make(int index, string old, string address)
    {
        if (old == address)
        {
            return null;
        }

        // AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE
        var socket = Libc.socket(16, 3 | Libc.CloseOnExec, 0);
        Span<byte> both = stackalloc byte[2 * MessageSize];
        Write(both, NewAddress, index, address);
        Write(both[MessageSize..], DeleteAddress, index, old);
        Descriptor.Write(socket, both);
        // Each is done, and answered, before the write returns: struct nlmsghdr, errno, the header of what was asked.
        Span<byte> answer = stackalloc byte[256];
        var error = 0;
        for (var left = 2; left > 0 && error == 0; left--)
        {
            error = Descriptor.Read(socket, answer) >= 20 ? -BinaryPrimitives.ReadInt32LittleEndian(answer[16..]) : Libc.Errno;
        }

        _ = Libc.close(socket);
        return error == 0 ? null : $"change the address: errno {error}";
    }

    /// <summary>
    /// struct nlmsghdr (length, kind, flags, sequence, port), struct ifaddrmsg (family, prefix, flags, scope, interface), and two
    /// attributes: the address as the peer's and as its own, which are the same where there is no peer. Pure.
    /// </summary>
    public static void Write(Span<byte> message, ushort kind, int index, string address)
    {
        // NLM_F_REQUEST, NLM_F_ACK; and NLM_F_CREATE, NLM_F_EXCL.
        const ushort asked = 1 | 4, made = 0x400 | 0x200;
        message[..MessageSize].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(message, MessageSize);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], kind);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], kind == NewAddress ? (ushort)(asked | made) : asked);
        message[16] = Inet;
        message[17] = 32;
        BinaryPrimitives.WriteInt32LittleEndian(message[20..], index);
        for (ushort attribute = 1; attribute <= 2; attribute++)
        {
            var place = message[(16 + (8 * attribute))..];
            BinaryPrimitives.WriteUInt16LittleEndian(place, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(place[2..], attribute);
            fixed (byte* bytes = place[4..])
            {
                // SAFETY: inet_pton writes the four bytes that the attribute has room for.
                _ = Libc.inet_pton(Inet, address, bytes);
            }
        }
    }
}
