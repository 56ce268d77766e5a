using System.Net;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;

namespace Wisp.Gateway.Tests.Trailing;

/// <summary>What a guest says behind the body of its answer.</summary>
public sealed class ResponseTrailerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Willing = "GET / HTTP/1.1\r\nHost: a\r\nTE: gzip;q=0.5, Trailers\r\nConnection: TE\r\n\r\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 20_000)]
    [InlineData(Get, "Trailer: X-Sum, X-Two\r\n")]
    [InlineData(Willing, "")]
    public async Task They_reach_a_client_of_the_older_version_byte_for_byte_and_its_connection_goes_on(string request, string announced)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(request);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync($"{Chunked}{announced}\r\n4;why=not\r\nbody\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.Equal(1, head.Split("Transfer-Encoding: chunked").Length - 1);
        Assert.Equal(announced.Length > 0, head.Contains("Trailer: X-Sum, X-Two\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("Content-Length", head, StringComparison.Ordinal);
        // Each piece at once.
        Assert.Equal("4\r\nbody\r\n", await client.ReadAsync(9));
        await guest.SendAsync($"10000\r\n{new string('x', 0x10000)}\r\n");
        var got = 0;
        while (got < 0x10000)
        {
            var size = int.Parse(await client.ReadUntilAsync("\r\n"), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(new string('x', size) + "\r\n", await client.ReadAsync(size + 2));
            got += size;
        }

        await guest.SendAsync("0\r\nX-Sum: 42\r\nX-Sum:  caf\u00e9 \r\nX-Two:\r\n\r\n");
        const string End = "0\r\nX-Sum: 42\r\nX-Sum: caf\u00e9\r\nX-Two: \r\n\r\n";
        Assert.Equal(End, await client.ReadAsync(End.Length));
        await gateway.QuietAsync();
        Assert.Equal((4 + 0x10000, 1), (gateway.Route.Traffic.SentBytes, gateway.Route.Traffic.Statuses[1]));

        await client.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("GET /next ", await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var next = await client.ReadUntilAsync("\r\n\r\nok");
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", next, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task The_guest_knows_whether_the_client_takes_them()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        RawClient? guest = null;
        foreach (var (request, lines) in ((string, string[])[])[(Get, []), (Willing, ["Connection: TE", "TE: trailers"]), ("GET / HTTP/1.1\r\nHost: a\r\nTE: gzip\r\n\r\n", [])])
        {
            await client.SendAsync(request);
            guest ??= await application.AcceptAsync();
            var head = await guest.ReadUntilAsync("\r\n\r\n");
            Assert.Equal(lines, head.Split("\r\n").Where(line => line.StartsWith("TE:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)).Order());
            await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await client.ReadUntilAsync("ok");
        }

        guest!.Dispose();
    }

    [Theory(Timeout = 20_000)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n", "4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nTE: trailers\r\n\r\n", "Trailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n", "body")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n", "Trailer: X-Sum\r\n\r\n", "")]
    public async Task Where_nobody_takes_them_the_answer_is_as_it_was(string request, string answer, string body)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(request);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync(Chunked + answer);
        await client.ReadUntilAsync("\r\n\r\n");
        Assert.Equal(body, await client.ReadAsync(body.Length));
        await gateway.QuietAsync();
    }

    [Theory(Timeout = 20_000)]
    [InlineData("Trailer: X-Sum\r\n", "101")]
    [InlineData("Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n", "502")]
    public async Task What_switches_protocols_has_no_body_and_so_nothing_behind_it(string fields, string status)
    {
        const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n{Upgrade}\r\n");
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync($"HTTP/1.1 101 Switching Protocols\r\n{Upgrade}{fields}\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        if (status == "101")
        {
            await client.SendAsync("to the guest");
            Assert.Equal("to the guest", await guest.ReadAsync(12));
            await guest.SendAsync("to the client");
            Assert.Equal("to the client", await client.ReadAsync(13));
        }
    }

    [Theory(Timeout = 20_000)]
    [InlineData("204 No Content")]
    [InlineData("304 Not Modified")]
    public async Task An_answer_without_a_body_has_none(string status)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Willing);
        using (var guest = await application.AcceptAsync())
        {
            await guest.ReadUntilAsync("\r\n\r\n");
            await guest.SendAsync($"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
        }

        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        await client.SendAsync(Get);
        using (var guest = await application.AcceptAsync())
        {
            await guest.ReadUntilAsync("\r\n\r\n");
            await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 20_000)]
    [InlineData("")]
    [InlineData("4\r\nbo")]
    [InlineData("0\r\nX-Sum: 42\r\n")]
    [InlineData("0\r\nno colon\r\n\r\n")]
    public async Task What_breaks_off_has_no_end(string rest)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Get);
        using (var guest = await application.AcceptAsync())
        {
            await guest.ReadUntilAsync("\r\n\r\n");
            await guest.SendAsync($"{Chunked}Trailer: X-Sum\r\n\r\n4\r\nbody\r\n");
            await client.ReadUntilAsync("4\r\nbody\r\n");
            await guest.SendAsync(rest);
        }

        Assert.DoesNotContain("0\r\n", await client.ReadToAnyEndAsync(), StringComparison.Ordinal);
        await gateway.QuietAsync();
        Assert.Equal((1, 1), (gateway.Route.Traffic.Errors(GatewayError.BrokenOff), gateway.Route.Traffic.Statuses[1]));
    }

    [Fact(Timeout = 20_000)]
    public async Task Events_that_trailers_may_follow_arrive_one_by_one()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Willing);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync($"{Chunked}Content-Type: text/event-stream\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await guest.SendAsync($"9\r\ndata: {i}\n\n\r\n");
            Assert.Equal($"9\r\ndata: {i}\n\n\r\n", await client.ReadUntilAsync("\n\n\r\n"));
        }

        await guest.SendAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await client.ReadAsync(5));
    }

    [Fact(Timeout = 20_000)]
    public async Task What_only_a_head_may_say_is_left_out_for_clients_of_both_versions()
    {
        const string Answer = $"{Chunked}Trailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\ntransfer-encoding: gzip\r\nX-Sum: 42\r\nLocation: /\r\nConnection: close\r\nX-Empty:\r\n\r\n";
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Get);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync(Answer);
        await client.ReadUntilAsync("\r\n\r\n");
        Assert.Equal("2\r\nok\r\n0\r\nX-Sum: 42\r\nX-Empty: \r\n\r\n", await client.ReadUntilAsync("\r\n\r\n"));

        using var raw = new TcpApplication();
        await using var https = await TestGateway.StartHttpsAsync(raw.Port);
        using var newer = TlsClient.Http(https.Route.Listen, HttpVersion.Version20);
        var asking = newer.GetAsync(new Uri("https://shop.localhost/"), Cancel);
        using var other = await raw.AcceptAsync();
        await other.ReadUntilAsync("\r\n\r\n");
        await other.SendAsync(Answer);
        using var answer = await asking;
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["X-Sum: 42", "X-Empty: "], answer.TrailingHeaders.Select(field => $"{field.Key}: {field.Value.Single()}"), StringComparer.OrdinalIgnoreCase);
    }
}
