using System.Net;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Duplex;

/// <summary>What an application may answer to a body that is still being sent, and what it may not.</summary>
public sealed class AnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200\r\n\r\nto the end", "to the end")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nold", "old")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding:\tChunked \r\n\r\n5;why=not\r\nhello\r\n006 \r\n world\r\n0\r\nX-Sum: 1\r\n\r\n", "hello world")]
    [InlineData("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n", "", 204)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", 304)]
    [InlineData("HTTP/1.1 500 Oh dear\r\nContent-Length: 4\r\n\r\nfail", "fail", 500)]
    public async Task It_is_passed_on(string written, string body, int status = 200)
    {
        var (answer, _) = await AnswerAsync(written);
        using (answer)
        {
            Assert.Equal((status, body), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel)));
        }
    }

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len")]
    [InlineData("I am not a web server\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: else\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nNo colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\rc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task What_is_not_http_is_502(string written)
    {
        var (answer, _) = await AnswerAsync(written);
        using (answer)
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.StartsWith("Service 'web': instance 'web-1' did not answer", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_head_without_end_is_502()
    {
        var (answer, _) = await AnswerAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X-A: 0123456789\r\n", 3000)));
        using (answer)
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }
    }

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData("Content-Length: 6\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nworld\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n-1\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nffffffffffffffff\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10000000000000000\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nno trailer\r\n\r\n")]
    public async Task What_breaks_off_or_breaks_the_rules_is_not_passed_off_as_whole(string written)
    {
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            var (answer, _) = await AnswerAsync("HTTP/1.1 200 OK\r\n" + written);
            using (answer)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                await answer.Content.ReadAsStringAsync(Cancel);
            }
        });
    }

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData("")]
    [InlineData("too large")]
    public async Task A_refusal_reaches_a_client_that_has_much_left_to_send(string text)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n" + new string('x', 1 << 20));
        using (var guest = await application.AcceptAsync())
        {
            await guest.ReadUntilAsync("\r\n\r\n");
            await guest.SendAsync($"HTTP/1.1 413 Content Too Large\r\nContent-Length: {text.Length}\r\n\r\n{text}");
        }

        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadUntilAsync($"\r\n\r\n{text}"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task The_head_says_once_how_long_the_body_is_and_that_nothing_follows()
    {
        var (answer, head) = await AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        answer.Dispose();
        var lines = head.Split("\r\n");
        Assert.Equal("POST /echo?x=1 HTTP/1.1", lines[0]);
        Assert.StartsWith("Host: 127.", Assert.Single(lines, line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)), StringComparison.Ordinal);
        Assert.Equal("Transfer-Encoding: chunked", Assert.Single(lines, line => line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("Connection: close", Assert.Single(lines, line => line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(lines, line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_body_that_waits_to_be_asked_for_is_sent_when_it_is()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var guest = await application.AcceptAsync();
        Assert.Contains("Expect: 100-continue\r\n", await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.OrdinalIgnoreCase);
        await guest.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadUntilAsync("\r\n\r\n"));
        await client.SendAsync("4\r\nbody\r\n0\r\n\r\n");
        Assert.Equal("4\r\nbody\r\n0\r\n\r\n", await guest.ReadUntilAsync("0\r\n\r\n"));
        await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
    }

    // The guest answers when it has the head and the whole body, and closes.
    private static async Task<(HttpResponseMessage Answer, string Head)> AnswerAsync(string written)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var body = new RandomBody(10, chunked: true);
        var asking = DuplexClient.PostAsync(gateway, body);
        string head;
        using (var guest = await application.AcceptAsync())
        {
            head = await guest.ReadUntilAsync("\r\n\r\n");
            await guest.ReadUntilAsync("\r\n0\r\n\r\n");
            await guest.SendAsync(written);
        }

        try
        {
            var answer = await asking;
            await answer.Content.LoadIntoBufferAsync(Cancel);
            return (answer, head);
        }
        finally
        {
            await gateway.QuietAsync();
        }
    }
}
