using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>What is said to the gateway only stays with it (RFC 9110 section 7.6.1).</summary>
public sealed class HopByHopTests
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Theory(Timeout = 20_000)]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "Upgrade")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c", "Upgrade")]
    [InlineData("Connection: Upgrade\r\nUpgrade: TLS/1.2", "Upgrade")]
    [InlineData("Upgrade: websocket", "Upgrade")]
    [InlineData("Keep-Alive: timeout=5", "Keep-Alive")]
    [InlineData("Proxy-Connection: keep-alive", "Proxy-Connection")]
    [InlineData("Proxy-Authorization: Basic YTpi", "Proxy-Authorization")]
    [InlineData("TE: gzip", "TE")]
    public async Task It_reaches_no_guest_and_nothing_is_upgraded(string headers, string kept)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("ok"), StringComparison.Ordinal);
        await client.SendAsync(Next);
        Assert.Contains("HTTP/1.1 200 ", await client.ReadToAnyEndAsync(), StringComparison.Ordinal);
        Assert.Equal(2, guest.Requests.Count);
        Assert.DoesNotContain($"\n{kept}:", guest.Requests[0].Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-host")]
    [InlineData("X-Forwarded-Proto, Host")]
    [InlineData("Content-Length")]
    public async Task Nobody_can_have_the_gateways_own_taken_away(string named)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nConnection: close, {named}\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 5\r\n\r\nhello");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadToAnyEndAsync(), StringComparison.Ordinal);
        var (head, body) = guest.Requests.Single();
        Assert.Contains("\nX-Forwarded-For: 127.", head, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-Host: a\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-Proto: http\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\nHost: a\r\n", head, StringComparison.Ordinal);
        Assert.Equal("hello", body);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_websocket_that_the_guest_refuses_leaves_no_tunnel_behind()
    {
        using var guest = new RecordingGuest("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 426 ", await client.ReadUntilAsync("no"), StringComparison.Ordinal);
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n");
        await client.ReadToAnyEndAsync();
        Assert.All(guest.Requests, seen => Assert.Contains("\nX-Forwarded-For: 127.", seen.Head, StringComparison.Ordinal));
    }
}
