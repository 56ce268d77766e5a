using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Guests that answer wrongly: their client is told, and nobody's next request is answered by what was left over.</summary>
public sealed class HostileGuestTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Hidden = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Nonsense { get; } = new()
    {
        "I am not a web server\r\n\r\n",
        "\0\0\0\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        $"{Ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello{Hidden}",
        $"{Ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello{Hidden}",
        $"{Ok}Content-Length: 5, 6\r\n\r\nhello{Hidden}",
        $"{Ok}Content-Length: -5\r\n\r\nhello{Hidden}",
        $"{Ok}Content-Length: 99999999999999999999\r\n\r\nhello{Hidden}",
        $"{Ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}",
        $"{Ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{Hidden}",
        $"{Ok}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n{Hidden}",
        $"{Ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}",
        $"{Ok}no colon\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}X-A: {new string('a', 100_000)}\r\nContent-Length: 0\r\n\r\n",
        $"{Ok}{string.Concat(Enumerable.Repeat("X-A: 0123456789\r\n", 10_000))}\r\n",
    };

    public static TheoryData<string, bool> Broken { get; } = new()
    {
        { $"{Ok}Content-Length: 50\r\n\r\nhello", true },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel", true },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n", false },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nffffffffffffffff\r\n", true },
        { $"{Ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello and more\r\n0\r\n\r\n", false },
    };

    public static TheoryData<string, string> Odd { get; } = new()
    {
        { $"{Ok}Content-Length: 5\r\n\r\nhello{Hidden}", "hello" },
        { $"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello{Hidden}", "" },
        { $"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n{Hidden}", "" },
        { $"{string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1_000))}{Ok}Content-Length: 5\r\n\r\nhello", "hello" },
        { $"{Ok}X-A: b\rX-B: c\0d\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { $"HTTP/1.1 100 Continue\r\n\r\n{Ok}Content-Length: 5\r\n\r\nhello", "hello" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Nonsense))]
    public async Task What_is_not_http_is_502_and_the_next_request_has_its_own_answer(string answer)
    {
        using var guest = new RecordingGuest(answer);
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 502 ", head, StringComparison.Ordinal);
        var told = await client.ReadUntilAsync("wisp instances logs web-1'.\n\r\n0\r\n\r\n");
        Assert.Contains("Service 'web': instance 'web-1' did not answer", told, StringComparison.Ordinal);
        await AssertNextAsync(gateway, client);
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Broken))]
    public async Task What_breaks_off_is_not_passed_off_as_whole(string answer, bool closes)
    {
        using var guest = new RecordingGuest(answer, closes);
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var all = await client.ReadToAnyEndAsync();
        Assert.True(all.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal) || !all.Contains("\r\n0\r\n\r\n", StringComparison.Ordinal), all);
        using var other = await RawClient.ConnectAsync(gateway.Route.Listen);
        await AssertNextAsync(gateway, other);
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Odd))]
    public async Task What_is_left_over_answers_nobody(string answer, string body)
    {
        using var guest = new RecordingGuest(answer);
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using (var got = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel))
        {
            Assert.Equal(body, await got.Content.ReadAsStringAsync(Cancel));
            Assert.False(got.Headers.Contains("X-B"));
        }

        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await AssertNextAsync(gateway, client);
        await AssertNextAsync(gateway, client);
    }

    [Fact(Timeout = 20_000)]
    public async Task Each_byte_of_one_that_is_slow_comes_at_once_and_others_are_served_meanwhile()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var slow = await application.AcceptAsync();
        await slow.ReadUntilAsync("\r\n\r\n");
        foreach (var piece in $"{Ok}Content-Length: 5\r\n\r\n")
        {
            await slow.SendAsync($"{piece}");
        }

        foreach (var piece in "hello")
        {
            await slow.SendAsync($"{piece}");
            await client.ReadUntilAsync(piece == 'h' ? "\r\n\r\nh" : $"{piece}");
            if (piece == 'o')
            {
                break;
            }

            using var other = await RawClient.ConnectAsync(gateway.Route.Listen);
            await other.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            using var quick = await application.AcceptAsync();
            await quick.ReadUntilAsync("\r\n\r\n");
            await quick.SendAsync($"{Ok}Connection: close\r\nContent-Length: 5\r\n\r\nquick");
            Assert.EndsWith("quick", await other.ReadToEndAsync(), StringComparison.Ordinal);
        }

        client.Dispose();
        await gateway.QuietAsync();
    }

    [Theory(Timeout = 20_000)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: ")]
    public async Task One_that_resets_before_it_answered_is_502(string said)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        // Not sent again: it may have been carried out.
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("hello");
        await guest.SendAsync(said);
        guest.Reset();
        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = 20_000)]
    public async Task One_that_hints_for_ever_is_502()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await guest.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            }
        });
        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    private static async Task AssertNextAsync(TestGateway gateway, RawClient client)
    {
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        var next = await client.ReadUntilAsync("ok");
        Assert.Contains("HTTP/1.1 200 OK\r\n", next, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", next, StringComparison.Ordinal);
        await gateway.QuietAsync();
    }
}
