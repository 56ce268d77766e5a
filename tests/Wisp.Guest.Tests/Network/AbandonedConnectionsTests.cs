using System.Buffers.Binary;
using Wisp.Guest.Network;

namespace Wisp.Guest.Tests.Network;

public sealed class AbandonedConnectionsTests
{
    private static readonly byte[] Address = [10, 64, 0, 2];

    /// <summary>The bytes that "ss --tcp" sends for these states, but for the sequence number and the extensions.</summary>
    [Fact]
    public void A_question_has_the_kernels_layout()
    {
        var request = new byte[AbandonedConnections.RequestSize];
        AbandonedConnections.Write(request, 20, 2, []);
        Assert.Equal("48000000140001030000000000000000" + "02060000" + "BE0B0000" + new string('0', 96), Convert.ToHexString(request));
    }

    [Fact]
    public void An_order_carries_the_connections_id()
    {
        var request = new byte[AbandonedConnections.RequestSize];
        AbandonedConnections.Write(request, 21, 10, [.. Enumerable.Repeat((byte)7, 48)]);
        Assert.Equal("48000000150005000000000000000000" + "0A060000", Convert.ToHexString(request)[..40]);
        Assert.All(request[24..], value => Assert.Equal(7, value));
    }

    [Fact]
    public void Only_connections_of_the_address_are_taken()
    {
        byte[] answer =
        [
            .. Message(2, Address), .. Message(2, [10, 64, 0, 3]), .. Message(10, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, .. Address]),
            .. Message(10, [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, .. Address]),
        ];
        var ids = new List<(byte Family, byte[] Id)>();
        Assert.True(AbandonedConnections.Read(answer, Address, ids));
        Assert.Equal([(byte)2, (byte)10], ids.Select(id => id.Family));
        Assert.All(ids, id => Assert.Equal(48, id.Id.Length));
    }

    /// <summary>NLMSG_DONE, NLMSG_ERROR, a message that says it is longer than what came, and one shorter than its own header.</summary>
    [Theory]
    [InlineData(3, 20)]
    [InlineData(2, 20)]
    [InlineData(20, 4000)]
    [InlineData(20, 3)]
    public void An_answer_ends(ushort kind, int length)
    {
        var end = new byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(end, length);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(4), kind);
        var ids = new List<(byte Family, byte[] Id)>();
        Assert.False(AbandonedConnections.Read([.. Message(2, Address), .. end], Address, ids));
        Assert.Single(ids);
    }

    private static byte[] Message(byte family, byte[] local)
    {
        var message = new byte[16 + 72];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), 20);
        message[16] = family;
        local.CopyTo(message, 16 + 4 + 4);
        return message;
    }
}
