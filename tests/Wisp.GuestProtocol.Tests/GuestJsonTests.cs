using System.Text;
using System.Text.Json;

namespace Wisp.GuestProtocol.Tests;

public sealed class GuestJsonTests
{
    [Fact]
    public void A_configuration_comes_back_as_it_was()
    {
        var sent = new GuestConfiguration
        {
            Argv = ["/bin/sh", "-c", "echo \"$HOME\" käse\n"],
            Environment = ["A=1", "B=", "C==x"],
            WorkingDirectory = "/srv/my app",
            User = "app:staff",
            Hostname = "web-1",
            Address = "10.64.0.2",
            Gateway = "10.64.0.1",
            GatewayMac = "16:b0:0a:40:00:02",
            Nameserver = "9.9.9.9",
            WatchedPorts = [80, 8080],
            UnixNanoseconds = 1_790_000_000_123_456_789,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(sent, GuestJson.Default.GuestConfiguration);
        var read = JsonSerializer.Deserialize(bytes, GuestJson.Default.GuestConfiguration)!;
        Assert.Equivalent(sent, read, strict: true);
    }

    [Fact]
    public void Members_that_a_peer_leaves_out_have_their_defaults()
    {
        var read = JsonSerializer.Deserialize("""{"argv":["/x"],"hostname":"h","environment":null}""", GuestJson.Default.GuestConfiguration)!;
        Assert.Empty(read.Environment);
        Assert.Empty(read.WatchedPorts);
        Assert.Equal(("/", "", null), (read.WorkingDirectory, read.User, read.Address));
    }

    [Fact]
    public void A_status_of_an_older_guest_has_no_ports()
    {
        var read = JsonSerializer.Deserialize("""{"phase":"Running"}""", GuestJson.Default.GuestStatus)!;
        Assert.Empty(read.OpenPorts);
        Assert.Empty(read.LoopbackOnlyPorts);
        Assert.Null(read.Exit);
    }

    [Fact]
    public void Members_of_a_later_version_are_passed_over() =>
        Assert.Equal(3, JsonSerializer.Deserialize("""{"exit_code":3,"mood":{"good":true}}""", GuestJson.Default.GuestExit)!.ExitCode);

    /// <summary>The host drops a frame for a JsonException and for nothing else.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"phase":"Dancing"}""")]
    [InlineData("""{"phase":null}""")]
    [InlineData("""{"phase":"Running","open_ports":"80"}""")]
    [InlineData("""{"phase":"Running","open_ports":[99999999999]}""")]
    [InlineData("""{"phase":"Exited","exit":{}}""")]
    public void What_is_no_status_is_a_json_exception(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(text), GuestJson.Default.GuestStatus));

    [Fact]
    public void A_status_that_is_null_reads_as_null() =>
        Assert.Null(JsonSerializer.Deserialize("null"u8, GuestJson.Default.GuestStatus));
}
