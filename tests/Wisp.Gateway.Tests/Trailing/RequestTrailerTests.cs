using Wisp.Gateway.Tests.Support;
using static Wisp.Gateway.Tests.Hostile.FrameClient;

namespace Wisp.Gateway.Tests.Trailing;

/// <summary>What a client says behind the body of its request.</summary>
public sealed class RequestTrailerTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";

    [Fact(Timeout = 20_000)]
    public async Task They_reach_the_guest_from_a_client_of_the_older_version()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        // The second has what the first has not, and nothing of the first's.
        foreach (var fields in (string[])["X-Sum: 42\r\nX-Sum: caf\u00e9\r\nX-Two: 2\r\n", "X-Other: 1\r\n", ""])
        {
            await client.SendAsync($"{Post}Trailer: X-Sum\r\n\r\n4\r\nbody\r\n");
            using var guest = await application.AcceptAsync();
            Assert.Contains("\r\nTrailer: X-Sum\r\n", await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
            Assert.Equal("4\r\nbody\r\n", await guest.ReadUntilAsync("body\r\n"));
            await client.SendAsync($"0\r\n{fields}\r\n");
            var end = $"0\r\n{fields}\r\n";
            Assert.Equal(end, await guest.ReadAsync(end.Length));
            await guest.SendAsync(Answer);
            await client.ReadUntilAsync("\r\n\r\nok");
        }

        await gateway.QuietAsync();
        Assert.Equal(12, gateway.Route.Traffic.ReceivedBytes);
    }

    [Fact(Timeout = 20_000)]
    public async Task They_reach_it_from_a_client_of_the_newer_version()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartHttpsAsync(application.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        (string, string)[] post = [(":method", "POST"), .. Get.Where(field => field.Name != ":method"), ("te", "trailers")];
        Assert.True(await client.SendAsync(
            Frame(Settings, 0, 0, []), Frame(Headers, EndHeaders, 1, Pack(post)), Frame(Data, 0, 1, "body"u8),
            Frame(Headers, EndHeaders | EndStream, 1, Pack(("x-sum", "42"), ("content-length", "9"), ("x-forwarded-for", "6.6.6.6")))));
        using var guest = await application.AcceptAsync();
        var head = await guest.ReadUntilAsync("\r\n\r\n");
        Assert.Contains("\r\nTE: trailers\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close, TE\r\n", head, StringComparison.Ordinal);
        const string Body = "4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n";
        Assert.Equal(Body, await guest.ReadAsync(Body.Length), ignoreCase: true);
        await guest.SendAsync(Answer);
        Assert.Equal("ok"u8.ToArray(), (await client.ReadAsync(Data))!.Value.Payload);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("Content-Length: 40")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("host: b")]
    [InlineData("Authorization: Basic YTpi")]
    [InlineData("Cookie: a=b")]
    [InlineData("X-Forwarded-For: 6.6.6.6")]
    [InlineData("connection: keep-alive")]
    [InlineData("If-Match: *")]
    [InlineData("X\"a: 1")]
    public async Task What_only_a_head_may_say_reaches_no_guest_and_becomes_no_header(string field)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"{Post}\r\n4\r\nbody\r\n0\r\n{field}\r\nX-Sum: 42\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        using (var guest = await application.AcceptAsync())
        {
            Assert.DoesNotContain(field, await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.OrdinalIgnoreCase);
            Assert.Equal("4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n", await guest.ReadUntilAsync("\r\n\r\n"));
            await guest.SendAsync(Answer);
            await client.ReadUntilAsync("\r\n\r\nok");
            Assert.Equal("", await guest.ReadToAnyEndAsync());
        }

        using (var guest = await application.AcceptAsync())
        {
            var head = await guest.ReadUntilAsync("\r\n\r\n");
            Assert.StartsWith("GET /next ", head, StringComparison.Ordinal);
            Assert.DoesNotContain("X-Sum", head, StringComparison.Ordinal);
            Assert.DoesNotContain("6.6.6.6", head, StringComparison.Ordinal);
            await guest.SendAsync(Answer);
            await client.ReadUntilAsync("\r\n\r\nok");
        }
    }

    [Theory(Timeout = 20_000)]
    [InlineData("X-Sum: 42\nX-Evil: 1")]
    [InlineData("X-Sum: 42\rX-Evil: 1")]
    [InlineData("X-Sum: 4\0002")]
    [InlineData("X-Sum : 42")]
    [InlineData("X-Sum: 42\r\n folded")]
    [InlineData("GET /evil HTTP/1.1")]
    [InlineData(": 42")]
    public async Task What_is_no_field_ends_the_request_before_the_guest_takes_it_for_whole(string field)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"{Post}\r\n4\r\nbody\r\n");
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("body\r\n");
        await client.SendAsync($"0\r\n{field}\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("", await guest.ReadToAnyEndAsync());
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToAnyEndAsync(), StringComparison.Ordinal);
        await gateway.QuietAsync();
        Assert.Equal(1, gateway.Backend.Total);
    }
}
