using Wisp.Cli.Parsing;

namespace Wisp.Cli.Tests.Parsing;

/// <summary>Where a tunnel leads.</summary>
public sealed class TunnelSpecTests
{
    [Theory]
    [InlineData("db:5432", "127.0.0.1:5432", "db", 5432)]
    [InlineData("db:5432/tcp", "127.0.0.1:5432", "db", 5432)]
    [InlineData("8080:web:80", "127.0.0.1:8080", "web", 80)]
    [InlineData("0:web:80", "127.0.0.1:0", "web", 80)]
    [InlineData("0.0.0.0:8080:web:80", "0.0.0.0:8080", "web", 80)]
    [InlineData("[::1]:8080:web:80/tcp", "[::1]:8080", "web", 80)]
    [InlineData("fra/web:80", "127.0.0.1:80", "fra/web", 80)]
    [InlineData("7:name:4f3c0d9e-7f8a-4e53-9d61-0a2b5f6c7d88:80", "127.0.0.1:7", "name:4f3c0d9e-7f8a-4e53-9d61-0a2b5f6c7d88", 80)]
    [InlineData("123:80", "127.0.0.1:80", "123", 80)]
    public void It_is_read(string text, string local, string instance, int port)
    {
        var spec = TunnelSpec.Parse(text).Value!;
        Assert.Equal((local, instance, port), (spec.Local.ToString(), spec.Instance, spec.Port));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("web:")]
    [InlineData("web:0")]
    [InlineData("web:65536")]
    [InlineData("65536:web:80")]
    [InlineData("300.1.1.1:1:web:80")]
    [InlineData("a:b:80")]
    [InlineData("web:80/udp")]
    [InlineData("127.0.0.1:web:80")]
    public void What_leads_nowhere_is_refused(string text) => Assert.Equal(ErrorCode.InvalidValue, TunnelSpec.Parse(text).Error?.Code);
}
