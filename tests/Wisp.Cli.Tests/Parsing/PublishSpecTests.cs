using Wisp.Cli.Parsing;

namespace Wisp.Cli.Tests.Parsing;

public sealed class PublishSpecTests
{
    [Theory]
    [InlineData("8080:80", "127.0.0.1", 8080, 80, "http")]
    [InlineData("8080:80/http", "127.0.0.1", 8080, 80, "http")]
    [InlineData("5432:5432/tcp", "127.0.0.1", 5432, 5432, "")]
    [InlineData("0.0.0.0:80:8080", "0.0.0.0", 80, 8080, "http")]
    [InlineData("*:80:8080", "0.0.0.0", 80, 8080, "http")]
    [InlineData("[::1]:80:8080/tcp", "::1", 80, 8080, "")]
    [InlineData("443:8080/http+tls", null, 443, 8080, "http+tls")]
    public void A_port_is_read(string text, string? ip, int port, int destination, string handlers)
    {
        var spec = PublishSpec.Parse(text).Value;
        Assert.Equal((ip, port, destination, handlers), (spec.Ip, spec.Port, spec.Destination, string.Join('+', spec.Handlers)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("a:80")]
    [InlineData("8080:80/udp+tls")]
    [InlineData("8080:80/")]
    [InlineData("80:80:80:80")]
    [InlineData("host:80:80")]
    [InlineData("-1:80")]
    public void Anything_else_is_refused_with_an_example(string text)
    {
        Assert.True(PublishSpec.Parse(text).Failed(out var error, out _));
        Assert.Contains("8080:80", error.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0:80")]
    [InlineData("65536:80")]
    [InlineData("80:999999999")]
    public void A_port_outside_the_range_is_refused(string text)
    {
        Assert.True(PublishSpec.Parse(text).Failed(out var error, out _));
        Assert.Contains("65535", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Datagrams_have_no_handlers() => Assert.Equal(
        """{"port":5353,"destination_port":53,"handlers":[],"protocol":"udp","ip":"127.0.0.1"}""", PublishSpec.Parse("5353:53/udp").Value.ToJson().ToJsonString());

    [Fact]
    public void The_wire_has_no_address_where_the_platform_chooses_it() =>
        Assert.Equal("""{"port":443,"destination_port":80,"handlers":["tls"]}""", PublishSpec.Parse("443:80/tls").Value.ToJson().ToJsonString());
}
