using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsCheck;

namespace Wisp.GuestProtocol.Tests;

public sealed class SnapshotPayloadTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.OneOf("", "10.64.0.2", "käse\n", "a\"b\\c\u0001", "<&'+>"));

    private static readonly Gen<GuestIdentity> Identities = Gen.Select(
        Text, Gen.Null(Text), Gen.Null(Text), Gen.Null(Text), Gen.Null(Text), Gen.Null(Text),
        (hostname, address, mac, gateway, gatewayMac, nameserver) => new GuestIdentity
        {
            Hostname = hostname,
            Address = address,
            Mac = mac,
            Gateway = gateway,
            GatewayMac = gatewayMac,
            Nameserver = nameserver,
        });

    private static readonly Gen<GuestRestore> Restores = Gen.Select(
        Gen.Long, Gen.Byte.Array[0, 70], Gen.Null(Identities), Gen.Nullable(Gen.UInt), Gen.Nullable(Gen.UInt), Gen.Int.Array[0, 5],
        (time, entropy, identity, fork, template, ports) => new GuestRestore
        {
            UnixNanoseconds = time,
            Entropy = entropy,
            Identity = identity,
            ForkTicket = fork,
            TemplateTicket = template,
            WatchedPorts = ports,
        });

    private static readonly Gen<ForkOutcome> Outcomes = Gen.Select(Gen.UInt, Gen.Nullable(Gen.Guid), Gen.Int, (ticket, uuid, errno) =>
        new ForkOutcome { Ticket = ticket, Uuid = uuid, Errno = errno });

    private static readonly Gen<ForkChild> Children = Gen.Select(
        Gen.Guid, Text, Text, Text, Gen.Nullable(Gen.Int), Gen.Bool,
        (uuid, snapshot, created, status, code, gone) => new ForkChild
        {
            Uuid = uuid,
            Snapshot = snapshot,
            CreationTime = created,
            Status = status,
            ExitCode = code,
            Gone = gone,
        });

    [Fact]
    public void Every_restore_is_written_and_read_as_a_serializer_does() => Restores.Sample(sent =>
        Agrees(sent, sent.Encode(), GuestRestore.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.GuestRestore));

    [Fact]
    public void Every_fork_outcome_is_written_and_read_as_a_serializer_does() => Outcomes.Sample(sent =>
        Agrees(sent, sent.Encode(), ForkOutcome.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.ForkOutcome));

    [Fact]
    public void Every_fork_child_is_written_and_read_as_a_serializer_does() => Children.Sample(sent =>
        Agrees(sent, sent.Encode(), ForkChild.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.ForkChild));

    [Fact]
    public void Every_template_outcome_is_written_and_read_as_a_serializer_does() =>
        Gen.Select(Gen.UInt, Gen.Int, (ticket, errno) => new TemplateOutcome { Ticket = ticket, Errno = errno }).Sample(sent =>
            Agrees(sent, sent.Encode(), TemplateOutcome.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.TemplateOutcome));

    [Fact]
    public void A_restore_that_says_nothing_changes_nothing()
    {
        Assert.True(GuestRestore.TryDecode("""{"identity":null,"fork_ticket":null,"entropy":null,"mood":[1]}"""u8, out var read));
        Assert.Empty(read.Entropy);
        Assert.Empty(read.WatchedPorts);
        Assert.Equal((0L, null, null, null), (read.UnixNanoseconds, read.Identity, read.ForkTicket, read.TemplateTicket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"entropy":"?"}""")]
    [InlineData("""{"entropy":7}""")]
    [InlineData("""{"identity":{}}""")]
    [InlineData("""{"fork_ticket":-1}""")]
    [InlineData("""{"watched_ports":[80""")]
    public void What_is_no_restore_is_refused(string text) =>
        Assert.False(GuestRestore.TryDecode(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ticket":1,"uuid":"here"}""")]
    [InlineData("""{"ticket":4294967296}""")]
    public void What_is_no_outcome_is_refused(string text)
    {
        Assert.False(ForkOutcome.TryDecode(Encoding.UTF8.GetBytes(text), out _));
        Assert.False(TemplateOutcome.TryDecode(Encoding.UTF8.GetBytes(text.Replace("\"uuid\":\"here\"", "\"errno\":true", StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void Every_number_comes_back_as_it_was()
    {
        Gen.UInt.Sample(value => NumberPayload.TryDecode(NumberPayload.Encode(value), out uint read) && read == value);
        Gen.ULong.Sample(value => NumberPayload.TryDecode(NumberPayload.Encode(value), out ulong read) && read == value);
        Assert.Equal([1, 2, 0, 0], NumberPayload.Encode(0x201u));
    }

    [Fact]
    public void A_number_of_another_size_is_refused() => Gen.Byte.Array[0, 16].Sample(payload =>
        NumberPayload.TryDecode(payload, out uint _) == (payload.Length == 4) && NumberPayload.TryDecode(payload, out ulong _) == (payload.Length == 8));

    private static bool Agrees<T>(T sent, byte[] bytes, bool decoded, T? read, JsonTypeInfo<T> reference) =>
        decoded
        && bytes.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(sent, reference))
        && bytes.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(read!, reference));
}
