using System.Buffers.Binary;
using System.Net;
using Wisp.Guest.Native;

namespace Wisp.Guest.Network;

/// <summary>
/// The TCP connections of the machine that this one was: their other ends talk with that machine, and nothing will ever come over them
/// here. The kernel ends them (inet_diag, SOCK_DESTROY), so that an application which waits for one hears ECONNABORTED instead of nothing.
/// </summary>
internal static unsafe class AbandonedConnections
{
    /// <summary>Size of a request: struct nlmsghdr (16) and struct inet_diag_req_v2 (56).</summary>
    internal const int RequestSize = 72;

    private const int HeaderSize = 16, IdOffset = 8, IdSize = 48, AnswerSize = 72;
    private const ushort ByFamily = 20, Destroy = 21, Done = 3, Error = 2;
    private const byte Inet = 2, Inet6 = 10;

    /// <summary>Ends all that have this address here.</summary>
    /// <param name="address">The address that the machine had.</param>
    public static void End(string address)
    {
        // AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG
        var socket = Libc.socket(16, 3 | Libc.CloseOnExec, 4);
        if (socket < 0)
        {
            return;
        }

        var ids = new List<(byte Family, byte[] Id)>();
        // A server that listens on :: has its IPv4 connections there, too.
        foreach (var family in (byte[])[Inet, Inet6])
        {
            List(socket, family, IPAddress.Parse(address).GetAddressBytes(), ids);
        }

        Span<byte> request = stackalloc byte[RequestSize];
        Span<byte> answer = stackalloc byte[256];
        foreach (var (family, id) in ids)
        {
            Write(request, Destroy, family, id);
            Descriptor.Write(socket, request);
            // Ended, or gone by itself meanwhile: both are well.
            _ = Descriptor.Read(socket, answer);
        }

        _ = Libc.close(socket);
    }

    /// <summary>A request: with an id to end that connection, else to be told of all of a family that are not merely listening. Pure.</summary>
    internal static void Write(Span<byte> request, ushort kind, byte family, ReadOnlySpan<byte> id)
    {
        const byte tcp = 6;
        // NLM_F_REQUEST with NLM_F_DUMP or NLM_F_ACK.
        const ushort dump = 1 | 0x300, acknowledge = 1 | 4;
        // All states (TCP_ESTABLISHED is 1) but TCP_LISTEN (10) and TCP_TIME_WAIT (6), which nobody waits for.
        const uint states = 0xFFF & ~(1u << 10) & ~(1u << 6) & ~1u;
        request[..RequestSize].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestSize);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], kind);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], kind == Destroy ? acknowledge : dump);
        request[HeaderSize] = family;
        request[HeaderSize + 1] = tcp;
        BinaryPrimitives.WriteUInt32LittleEndian(request[(HeaderSize + 4)..], states);
        id.CopyTo(request[(HeaderSize + IdOffset)..]);
    }

    /// <summary>
    /// Takes the connections with an address out of an answer: messages of a struct nlmsghdr and a struct inet_diag_msg, whose id has the
    /// local address at 4, for a mapped one behind twelve bytes. Pure.
    /// </summary>
    /// <returns>Whether more will come.</returns>
    internal static bool Read(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> address, List<(byte Family, byte[] Id)> ids)
    {
        ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        while (answer.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            if (BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) is Done or Error || length < HeaderSize || length > answer.Length)
            {
                return false;
            }

            if (length >= HeaderSize + AnswerSize)
            {
                var family = answer[HeaderSize];
                var id = answer.Slice(HeaderSize + 4, IdSize);
                var local = id.Slice(4, 16);
                if (family == Inet ? local.StartsWith(address) : local.StartsWith(mapped) && local.EndsWith(address))
                {
                    ids.Add((family, id.ToArray()));
                }
            }

            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }

        return true;
    }

    private static void List(int socket, byte family, ReadOnlySpan<byte> address, List<(byte Family, byte[] Id)> ids)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        Write(request, ByFamily, family, []);
        Descriptor.Write(socket, request);
        var answer = new byte[32768];
        while (Descriptor.Read(socket, answer) is > 0 and var count && Read(answer.AsSpan(0, count), address, ids))
        {
        }
    }
}
