using CsCheck;
using Wisp.Guest.Agent;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Tests.Agent;

public sealed class FrameDecoderTests
{
    private readonly FrameDecoder _decoder = new();
    private readonly List<(FrameKind Kind, byte[] Payload)> _frames = [];

    [Fact]
    public void Frames_come_out_whole_however_the_bytes_are_cut() =>
        Gen.Select(
            Gen.Select(Gen.Enum<FrameKind>(), Gen.Byte.Array[0, 6000]).List[1, 6],
            Gen.Int[1, 5000].List[1, 10])
        .Sample((sent, cuts) =>
        {
            var decoder = new FrameDecoder();
            var got = new List<(FrameKind, byte[])>();
            var bytes = sent.SelectMany(frame => AgentFrame.Encode(frame.Item1, frame.Item2)).ToArray().AsSpan();
            for (var i = 0; !bytes.IsEmpty; i++)
            {
                var piece = bytes[..Math.Min(cuts[i % cuts.Count], bytes.Length)];
                if (!decoder.Feed(piece, (kind, payload) => got.Add((kind, payload.ToArray()))))
                {
                    return false;
                }

                bytes = bytes[piece.Length..];
            }

            return got.Count == sent.Count && got.Zip(sent).All(pair => pair.First.Item1 == pair.Second.Item1 && pair.First.Item2.SequenceEqual(pair.Second.Item2));
        });

    [Fact]
    public void A_torn_frame_is_not_handed_out()
    {
        var frame = AgentFrame.Encode(FrameKind.Configure, "configuration"u8);
        for (var length = 0; length < frame.Length; length++)
        {
            Assert.True(new FrameDecoder().Feed(frame.AsSpan(0, length), Keep));
        }

        Assert.Empty(_frames);
    }

    [Fact]
    public void A_host_that_comes_back_is_understood_from_its_first_byte()
    {
        _decoder.Feed(AgentFrame.Encode(FrameKind.Configure, new byte[100]).AsSpan(0, 50), Keep);
        _decoder.Reset();
        _decoder.Feed(AgentFrame.Encode(FrameKind.Query), Keep);
        Assert.Equal(FrameKind.Query, Assert.Single(_frames).Kind);
    }

    [Fact]
    public void A_length_that_is_not_allowed_is_refused_and_what_follows_can_be_read()
    {
        Assert.False(_decoder.Feed([0xFF, 0xFF, 0xFF, 0xFF, 66, 1, 2], Keep));
        Assert.True(_decoder.Feed(AgentFrame.Encode(FrameKind.PowerOff), Keep));
        Assert.Equal(FrameKind.PowerOff, Assert.Single(_frames).Kind);
    }

    [Fact]
    public void Frames_before_a_bad_one_are_handed_out()
    {
        Assert.False(_decoder.Feed([.. AgentFrame.Encode(FrameKind.Query), 0, 0, 0, 0x7F, 1], Keep));
        Assert.Equal(FrameKind.Query, Assert.Single(_frames).Kind);
    }

    [Fact]
    public void The_longest_payload_arrives()
    {
        var payload = new byte[AgentFrame.MaxPayload];
        payload[^1] = 9;
        _decoder.Feed(AgentFrame.Encode(FrameKind.Configure, payload), Keep);
        Assert.Equal(payload, Assert.Single(_frames).Payload);
    }

    [Fact]
    public void Garbage_is_survived() =>
        Gen.Byte.Array[0, 64].List[1, 10].Sample(pieces =>
        {
            var decoder = new FrameDecoder();
            foreach (var piece in pieces)
            {
                decoder.Feed(piece, (_, _) => { });
            }
        });

    private void Keep(FrameKind kind, ReadOnlyMemory<byte> payload) => _frames.Add((kind, payload.ToArray()));
}
