using System.Buffers.Binary;
using Wisp.Network.Dns;

namespace Wisp.Network.Tests.Support;

/// <summary>Questions as resolvers send them, and what tests look for in answers.</summary>
internal static class Questions
{
    public const ushort A = 1, Aaaa = 28, Ptr = 12;

    public static byte[] Of(string name, ushort type, bool isExtended = false, ushort id = 0x1234) =>
    [
        (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(isExtended ? 1 : 0),
        .. DnsAnswer.Name(name), (byte)(type >> 8), (byte)type, 0, 1,
        .. isExtended ? (byte[])[0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0] : [],
    ];

    /// <summary>The outcome, how many records there are, and the data of the first.</summary>
    public static (int Code, int Count, string Data) Read(byte[] answer, byte[] question)
    {
        Assert.Equal(question[..2], answer[..2]);
        Assert.True((answer[2] & 0x80) != 0, "not an answer");
        var count = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6));
        var end = DnsQuery.Parse(question)!.Value.End;
        Assert.Equal(question[12..end], answer[12..end]);
        if (count == 0)
        {
            return (answer[3] & 15, 0, "");
        }

        // A pointer to the name, type, class, seconds, and the length of the data.
        var data = answer.AsSpan(end + 12, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(end + 10)));
        return (answer[3] & 15, count, data.Length == 4 ? string.Join('.', data.ToArray()) : DnsQuery.Parse([.. question[..12], .. data, 0, 1, 0, 1])!.Value.Name);
    }
}
