using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>A client that asks before it sends its body (RFC 9110 section 10.1.1): the guest decides.</summary>
public sealed class ExpectationTests
{
    [Theory(Timeout = 20_000)]
    [InlineData(5)]
    [InlineData(100_000)]
    public async Task A_body_that_the_guest_wants_is_asked_for_and_comes(int length)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n");
        using var guest = await application.AcceptAsync();
        Assert.Contains("Expect: 100-continue", await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.OrdinalIgnoreCase);
        await guest.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadUntilAsync("\r\n\r\n"));
        var body = new string('x', length);
        await client.SendAsync(body);
        Assert.Equal(body, await guest.ReadAsync(length));
        await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("ok"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Theory(Timeout = 20_000)]
    [InlineData(5, 401)]
    [InlineData(5, 417)]
    [InlineData(100_000, 401)]
    [InlineData(100_000, 417)]
    public async Task One_that_it_does_not_want_is_not_asked_for_and_what_comes_next_is_no_part_of_it(int length, int status)
    {
        using var guest = new RefusingGuest(status);
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", head, StringComparison.Ordinal);
        // Whether a body is still to come, nobody can tell.
        await client.ReadUntilAsync("no");
        await client.SendAsync("GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n");
        await gateway.QuietAsync();
        Assert.Equal(1, gateway.Backend.Total);
    }

    private sealed class RefusingGuest : IDisposable
    {
        private readonly TcpApplication _listener = new();

        public RefusingGuest(int status) => _ = ServeAsync(status);

        public int Port => _listener.Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(int status)
        {
            using var connection = await _listener.AcceptAsync();
            await connection.ReadUntilAsync("\r\n\r\n");
            await connection.SendAsync($"HTTP/1.1 {status} No\r\nContent-Length: 2\r\n\r\nno");
            await connection.ReadToAnyEndAsync();
        }
    }
}
