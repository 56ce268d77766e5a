using System.Buffers.Binary;
using System.Text;

namespace Wisp.Network.Dns;

/// <summary>Answers of the node's own (RFC 1035). Pure.</summary>
internal static class DnsAnswer
{
    // The name of an instance leads to the same address as long as it lives; another may have either soon after.
    private const uint Seconds = 5;

    private const ushort Options = 41, PayloadSize = 1232;

    /// <summary>What went wrong with a question, in the numbers of the protocol.</summary>
    public enum Code
    {
        /// <summary>Nothing.</summary>
        NoError,
        /// <summary>It cannot be read.</summary>
        FormatError,
        /// <summary>Nobody could be asked.</summary>
        ServerFailure,
        /// <summary>There is no such name.</summary>
        NameError,
        /// <summary>It is of another kind.</summary>
        NotImplemented,
    }

    /// <summary>An answer without records.</summary>
    /// <param name="message">The question.</param>
    /// <param name="query">What was understood of it, or null.</param>
    /// <param name="code">The outcome.</param>
    public static byte[] Of(ReadOnlySpan<byte> message, DnsQuery? query, Code code) => Build(message, query, code, 0, []);

    /// <summary>An answer with one record of the name that was asked for.</summary>
    public static byte[] Of(ReadOnlySpan<byte> message, DnsQuery query, ushort type, ReadOnlySpan<byte> data) => Build(message, query, Code.NoError, type, data);

    /// <summary>A name as records have it.</summary>
    public static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Build(ReadOnlySpan<byte> message, DnsQuery? query, Code code, ushort type, ReadOnlySpan<byte> data)
    {
        using var answer = new MemoryStream();
        var end = query?.End ?? DnsQuery.HeaderLength;
        answer.Write(message[..2]);
        // An answer with authority to the same kind of question, which wanted recursion or not; recursion is to be had.
        answer.WriteByte((byte)(0x84 | (message[2] & 0x79)));
        answer.WriteByte((byte)(0x80 | (int)code));
        Number(answer, query is null ? 0 : 1);
        Number(answer, data.IsEmpty ? 0 : 1);
        Number(answer, 0);
        Number(answer, query is { IsExtended: true } ? 1 : 0);
        answer.Write(message[DnsQuery.HeaderLength..end]);
        if (!data.IsEmpty)
        {
            // A pointer to the name in the question.
            Number(answer, 0xC000 | DnsQuery.HeaderLength);
            Number(answer, type);
            Number(answer, 1);
            Number(answer, 0);
            Number(answer, (int)Seconds);
            Number(answer, data.Length);
            answer.Write(data);
        }

        if (query is { IsExtended: true })
        {
            answer.WriteByte(0);
            Number(answer, Options);
            Number(answer, PayloadSize);
            answer.Write([0, 0, 0, 0, 0, 0]);
        }

        return answer.ToArray();
    }

    private static void Number(MemoryStream answer, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        answer.Write(bytes);
    }
}
