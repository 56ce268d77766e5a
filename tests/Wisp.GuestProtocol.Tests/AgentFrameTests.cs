using System.Buffers.Binary;
using CsCheck;

namespace Wisp.GuestProtocol.Tests;

public sealed class AgentFrameTests
{
    [Fact]
    public void Every_frame_comes_back_as_it_was() =>
        Gen.Select(Gen.Enum<FrameKind>(), Gen.Byte.Array[0, 4096]).Sample((kind, payload) =>
        {
            var frame = AgentFrame.Encode(kind, payload);
            return AgentFrame.TryReadHeader(frame, out var read, out var length)
                && read == kind && length == payload.Length
                && frame.AsSpan(AgentFrame.HeaderSize).SequenceEqual(payload);
        });

    [Fact]
    public void The_header_is_the_length_in_little_endian_and_the_kind() =>
        Assert.Equal([3, 0, 0, 0, 66, 1, 2, 3], AgentFrame.Encode(FrameKind.Signal, [1, 2, 3]));

    [Fact]
    public void No_header_makes_a_reader_allocate_more_than_the_longest_payload() =>
        Gen.Byte.Array[AgentFrame.HeaderSize].Sample(header =>
        {
            var accepted = AgentFrame.TryReadHeader(header, out _, out var length);
            return accepted == BinaryPrimitives.ReadUInt32LittleEndian(header) <= AgentFrame.MaxPayload
                && length is >= 0 and <= AgentFrame.MaxPayload;
        });

    [Theory]
    [InlineData(AgentFrame.MaxPayload, true)]
    [InlineData(AgentFrame.MaxPayload + 1u, false)]
    [InlineData(0x8000_0000u, false)]
    [InlineData(uint.MaxValue, false)]
    public void A_length_beyond_the_longest_payload_is_refused(uint length, bool accepted)
    {
        var header = new byte[AgentFrame.HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, length);
        Assert.Equal(accepted, AgentFrame.TryReadHeader(header, out _, out var read));
        Assert.Equal(accepted ? (int)length : 0, read);
    }

    [Fact]
    public void The_longest_payload_fits_and_one_byte_more_is_a_programmers_error()
    {
        Assert.Equal(AgentFrame.HeaderSize + AgentFrame.MaxPayload, AgentFrame.Encode(FrameKind.Configure, new byte[AgentFrame.MaxPayload]).Length);
        Assert.Throws<ArgumentException>(() => AgentFrame.Encode(FrameKind.Configure, new byte[AgentFrame.MaxPayload + 1]));
    }

    [Fact]
    public void A_kind_of_a_later_version_is_read_all_the_same()
    {
        Assert.True(AgentFrame.TryReadHeader([0, 0, 0, 0, 200], out var kind, out _));
        Assert.Equal(200, (byte)kind);
    }

    /// <summary>A host and a guest of different versions must understand each other: numbers never change meaning.</summary>
    [Fact]
    public void The_numbers_on_the_wire_are_these() =>
        Assert.Equal(
            "Status=1 PortOpen=2 Exited=3 ForkRequest=4 TemplateRequest=5 SleepHolds=6 Prepared=7 Restored=8 "
                + "Query=64 Configure=65 Signal=66 Resumed=67 PowerOff=68 Prepare=69 Restore=71 ForkDone=72 ForkChild=73 TemplateDone=74 SleepNotice=75",
            string.Join(' ', Enum.GetValues<FrameKind>().Select(kind => $"{kind}={(byte)kind}")));
}
