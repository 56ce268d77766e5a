using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Wisp.Network.Dns;

/// <summary>A question to the node's resolver (RFC 1035), as far as it has to be understood; what is passed on is passed on as it is.</summary>
/// <param name="Name">The name in lower case, without the last dot. What no host name has in it is written as <c>\ddd</c>.</param>
/// <param name="Type">The type of records that is asked for.</param>
/// <param name="Class">The class, 1 but for curiosities.</param>
/// <param name="End">Where the question ends in the message.</param>
/// <param name="IsExtended">Whether it speaks EDNS (RFC 6891).</param>
internal readonly record struct DnsQuery(string Name, ushort Type, ushort Class, int End, bool IsExtended)
{
    /// <summary>Length of every message's header.</summary>
    public const int HeaderLength = 12;

    private const int LongestName = 255, LongestLabel = 63;

    /// <summary>Whether this is a question at all, to which something can be answered.</summary>
    public static bool IsQuestion(ReadOnlySpan<byte> message) => message.Length >= HeaderLength && (message[2] & 0x80) == 0;

    /// <summary>Whether it is one of the usual kind (QUERY).</summary>
    public static bool IsUsual(ReadOnlySpan<byte> message) => (message[2] & 0x78) == 0;

    /// <summary>Reads a question; null when it is none that can be understood.</summary>
    public static DnsQuery? Parse(ReadOnlySpan<byte> message)
    {
        if (!IsQuestion(message) || !IsUsual(message) || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
        {
            return null;
        }

        var name = new StringBuilder();
        var at = HeaderLength;
        while (true)
        {
            // A pointer leads back into the message, where there is nothing yet: it is refused like any other length that is none.
            if (at >= message.Length || message[at] > LongestLabel || at + 1 + message[at] >= message.Length || at - HeaderLength + 1 + message[at] > LongestName)
            {
                return null;
            }

            var label = message.Slice(at + 1, message[at]);
            at += 1 + label.Length;
            if (label.IsEmpty)
            {
                break;
            }

            Append(name, label);
        }

        if (at + 4 > message.Length)
        {
            return null;
        }

        var (type, kind) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]));
        return new DnsQuery(name.ToString(), type, kind, at + 4, HasOptions(message, at + 4));
    }

    private static void Append(StringBuilder name, ReadOnlySpan<byte> label)
    {
        if (name.Length > 0)
        {
            name.Append('.');
        }

        foreach (var letter in label)
        {
            if (letter is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'-' or (byte)'_')
            {
                name.Append(char.ToLowerInvariant((char)letter));
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"\\{letter:d3}");
            }
        }
    }

    // The first record behind the question of whoever speaks EDNS is the root's, of the type OPT (41).
    private static bool HasOptions(ReadOnlySpan<byte> message, int end) =>
        BinaryPrimitives.ReadUInt32BigEndian(message[6..]) == 0 && message[end..].StartsWith((ReadOnlySpan<byte>)[0, 0, 41]);
}
