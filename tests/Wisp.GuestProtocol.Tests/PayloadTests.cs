using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsCheck;

namespace Wisp.GuestProtocol.Tests;

public sealed class PayloadTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.OneOf("", "/", "käse\n", "a\"b\\c\u0001", "\U0001F9C0", "<&'+>"));
    private static readonly Gen<int[]> Ports = Gen.Int.Array[0, 5];

    private static readonly Gen<GuestConfiguration> Configurations = Gen.Select(
        Gen.Select(Text.Array[1, 4], Text.Array[0, 4], Text, Text, Text),
        Gen.Select(Gen.Null(Text), Gen.Null(Text), Gen.Null(Text), Gen.Null(Text)),
        Ports,
        Gen.Long,
        (words, network, ports, time) => new GuestConfiguration
        {
            Argv = words.Item1,
            Environment = words.Item2,
            WorkingDirectory = words.Item3,
            User = words.Item4,
            Hostname = words.Item5,
            Address = network.Item1,
            Gateway = network.Item2,
            GatewayMac = network.Item3,
            Nameserver = network.Item4,
            WatchedPorts = ports,
            UnixNanoseconds = time,
        });

    private static readonly Gen<GuestExit> Exits = Gen.Select(Gen.Int, Gen.Nullable(Gen.Int), Gen.Bool, Gen.Null(Text), (code, signal, memory, failure) =>
        new GuestExit { ExitCode = code, Signal = signal, OutOfMemory = memory, StartFailure = failure });

    private static readonly Gen<GuestStatus> Statuses = Gen.Select(Gen.Enum<GuestPhase>(), Ports, Ports, Gen.Null(Exits), Gen.Long, (phase, open, loopback, exit, boot) =>
        new GuestStatus { Phase = phase, OpenPorts = open, LoopbackOnlyPorts = loopback, Exit = exit, BootMicroseconds = boot });

    [Fact]
    public void Every_configuration_is_written_and_read_as_a_serializer_does() => Configurations.Sample(sent =>
        Agrees(sent, sent.Encode(), GuestConfiguration.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.GuestConfiguration));

    [Fact]
    public void Every_status_is_written_and_read_as_a_serializer_does() => Statuses.Sample(sent =>
        Agrees(sent, sent.Encode(), GuestStatus.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.GuestStatus));

    [Fact]
    public void Every_exit_is_written_and_read_as_a_serializer_does() => Exits.Sample(sent =>
        Agrees(sent, sent.Encode(), GuestExit.TryDecode(sent.Encode(), out var read), read, ReferenceJson.Default.GuestExit));

    /// <summary>The host reads what a hostile guest sends: never an exception, and nothing read that a serializer would refuse.</summary>
    [Fact]
    public void A_damaged_status_is_read_as_a_serializer_reads_it_or_refused() =>
        Gen.Select(Statuses, Gen.Int[0, 1000], Gen.Byte, Gen.Bool).Sample((sent, place, value, cut) =>
        {
            var bytes = sent.Encode();
            place %= bytes.Length;
            bytes[place] = value;
            bytes = cut ? bytes[..place] : bytes;
            if (!GuestStatus.TryDecode(bytes, out var read))
            {
                return true;
            }

            // A member whose name was damaged arrives from the serializer as null.
            var expected = JsonSerializer.Deserialize(bytes, ReferenceJson.Default.GuestStatus)!;
            expected = expected with { OpenPorts = expected.OpenPorts ?? [], LoopbackOnlyPorts = expected.LoopbackOnlyPorts ?? [] };
            return read.Encode().AsSpan().SequenceEqual(expected.Encode());
        });

    [Fact]
    public void Members_that_a_peer_leaves_out_have_their_defaults()
    {
        Assert.True(GuestConfiguration.TryDecode("""{"argv":["/x"],"hostname":"h","environment":null,"user":null}"""u8, out var read));
        Assert.Empty(read.Environment);
        Assert.Empty(read.WatchedPorts);
        Assert.Equal(("/", "", null), (read.WorkingDirectory, read.User, read.Address));
    }

    [Fact]
    public void A_status_of_an_older_guest_has_no_ports()
    {
        Assert.True(GuestStatus.TryDecode("""{"phase":"Running","exit":null}"""u8, out var read));
        Assert.Empty(read.OpenPorts);
        Assert.Empty(read.LoopbackOnlyPorts);
        Assert.Null(read.Exit);
    }

    [Fact]
    public void Members_of_a_later_version_are_passed_over()
    {
        Assert.True(GuestExit.TryDecode("""{"mood":{"good":[true]},"exit_code":3,"why":"so"}"""u8, out var read));
        Assert.Equal(3, read.ExitCode);
    }

    [Fact]
    public void Members_may_be_spaced_escaped_and_in_any_order()
    {
        Assert.True(GuestExit.TryDecode(""" { "signal" : 9 , "\u0065xit_code" : 137 } """u8, out var read));
        Assert.Equal((137, 9), (read.ExitCode, read.Signal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"phase":"Running"} x""")]
    [InlineData("""{"phase":"Running"}{}""")]
    [InlineData("""{"phase":"Running",}""")]
    [InlineData("""{"phase":"Dancing"}""")]
    [InlineData("""{"phase":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"phase":"Running"}""")]
    [InlineData("""{"phase":null}""")]
    [InlineData("""{"phase":["Running"]}""")]
    [InlineData("""{"phase":"Running","open_ports":"80"}""")]
    [InlineData("""{"phase":"Running","open_ports":["80"]}""")]
    [InlineData("""{"phase":"Running","open_ports":[80.5]}""")]
    [InlineData("""{"phase":"Running","open_ports":[99999999999]}""")]
    [InlineData("""{"phase":"Running","open_ports":[80""")]
    [InlineData("""{"phase":"Running","boot_microseconds":null}""")]
    [InlineData("""{"phase":"Exited","exit":{}}""")]
    [InlineData("""{"phase":"Exited","exit":[]}""")]
    public void What_is_no_status_is_refused(string text)
    {
        Assert.False(GuestStatus.TryDecode(Encoding.UTF8.GetBytes(text), out var status));
        Assert.Null(status);
    }

    [Theory]
    [InlineData("""{"argv":["/x"]}""")]
    [InlineData("""{"hostname":"h"}""")]
    [InlineData("""{"argv":null,"hostname":"h"}""")]
    [InlineData("""{"argv":[null],"hostname":"h"}""")]
    [InlineData("""{"argv":["/x"],"hostname":null}""")]
    public void A_configuration_without_a_command_or_a_name_is_refused(string text) =>
        Assert.False(GuestConfiguration.TryDecode(Encoding.UTF8.GetBytes(text), out _));

    private static bool Agrees<T>(T sent, byte[] bytes, bool decoded, T? read, JsonTypeInfo<T> reference) =>
        decoded
        && bytes.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(sent, reference))
        && bytes.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(read!, reference));
}
