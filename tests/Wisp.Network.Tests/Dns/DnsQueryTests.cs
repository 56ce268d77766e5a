using CsCheck;
using Wisp.Network.Dns;
using Wisp.Network.Tests.Support;

namespace Wisp.Network.Tests.Dns;

public sealed class DnsQueryTests
{
    private static readonly Village Guests = new() { Guests = { [0] = ("own", "web"), [1] = ("own", "db"), [2] = ("other", "secret") } };
    private static readonly InternalZone Zone = new(new NodeSubnet(0, NodeSubnet.UsualPrefix), Guests);
    private static readonly string[] Names =
    [
        "db.internal", "secret.internal", "DB.Internal", "internal", "example.com", "3.0.64.10.in-addr.arpa", "4.0.64.10.in-addr.arpa", "x.0.64.10.in-addr.arpa",
    ];

    private static readonly Gen<byte[]> Question = Gen.Select(
        Gen.Int[0, Names.Length - 1].Select(index => Names[index]),
        Gen.UShort, Gen.Bool, (name, type, isExtended) => Questions.Of(name, type, isExtended));

    [Fact]
    public void A_question_is_read_whatever_its_capitals()
    {
        var message = Questions.Of("DB.Internal", Questions.Aaaa, isExtended: true);
        Assert.Equal(new DnsQuery("db.internal", Questions.Aaaa, 1, message.Length - 11, IsExtended: true), DnsQuery.Parse(message));
    }

    /// <summary>One label with a dot in it is another name than two labels.</summary>
    [Fact]
    public void What_no_host_name_has_in_it_makes_another_name()
    {
        byte[] message = [.. Questions.Of("x", 1)[..12], 11, .. "db.internal"u8, 0, 0, 1, 0, 1];
        Assert.Equal("db\\046internal", DnsQuery.Parse(message)!.Value.Name);
    }

    [Theory]
    [InlineData("a pointer", new byte[] { 0xC0, 0x0C, 0, 1, 0, 1 })]
    [InlineData("a name without an end", new byte[] { 3, 97, 97, 97 })]
    [InlineData("a label longer than the message", new byte[] { 63, 97 })]
    [InlineData("no type", new byte[] { 1, 97, 0, 0 })]
    public void What_is_no_question_is_none(string what, byte[] rest) =>
        Assert.True(DnsQuery.Parse([.. Questions.Of("x", 1)[..12], .. rest]) is null, what);

    /// <summary>Whatever a guest sends: it is answered with something well formed, or not at all.</summary>
    [Fact]
    public void Nothing_that_a_guest_sends_breaks_it()
    {
        var mutated = Gen.Select(Question, Gen.Select(Gen.Int[0, 80], Gen.Byte).Array[0, 6], Gen.Int[0, 80], (message, changes, length) =>
        {
            var changed = message[..Math.Min(message.Length, length)];
            foreach (var (at, value) in changes.Where(change => change.Item1 < changed.Length))
            {
                changed[at] = value;
            }

            return changed;
        });
        Gen.OneOf(mutated, Gen.Byte.Array[0, 600], Question).Sample(
            message =>
            {
                if (DnsQuery.Parse(message) is not { } query)
                {
                    return;
                }

                Assert.InRange(query.End, 17, message.Length);
                if (Zone.Answer(0, message, query) is { } answer)
                {
                    var (code, count, data) = Questions.Read(answer, message);
                    Assert.True(code is 0 or 3 && count <= 1);
                    Assert.DoesNotContain("secret", data, StringComparison.Ordinal);
                    Assert.NotEqual("10.64.0.4", data);
                }
            },
            iter: 100_000);
    }

    /// <summary>Nor does anything that a resolver answers.</summary>
    [Fact]
    public void An_answer_to_something_else_is_none() => Gen.Select(Question, Gen.Byte.Array[0, 100]).Sample((message, noise) =>
    {
        var end = DnsQuery.Parse(message)!.Value.End;
        Assert.True(Upstream.IsAnswer(DnsAnswer.Of(message, DnsQuery.Parse(message), DnsAnswer.Code.NoError), message, end));
        Assert.False(Upstream.IsAnswer([(byte)~message[0], .. noise], message, end));
        Assert.False(Upstream.IsAnswer(message, message, end));
    });
}
