using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>
/// Requests that two servers could read differently (RFC 9112 section 11.2). Each is refused, or reaches the guest as exactly one, with one length.
/// </summary>
public sealed class SmugglingTests
{
    // If any byte of it is taken for a request, the guest sees its path.
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\n";
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";
    private const string Last = "0\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What is refused, and with which status.</summary>
    public static TheoryData<string, int> Refused { get; } = new()
    {
        // Two lengths, or one that is none.
        { $"{Post}Content-Length: 5\r\n{Chunked}\r\n{Last}", 400 },
        { $"{Post}{Chunked}Content-Length: 5\r\n\r\n{Last}", 400 },
        { $"{Post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400 },
        { $"{Post}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 5, 5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: -5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 0x5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 5 5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 5.0\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: five\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: \r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 99999999999999999999\r\n\r\nhello", 400 },
        { $"{Post}Content-Length: 18446744073709551621\r\n\r\nhello", 400 },
        { $"{Post}Content-Length : 5\r\n\r\nhello", 400 },
        { $"{Post}Content-Length\t: 5\r\n\r\nhello", 400 },
        { $"{Post} Content-Length: 5\r\n\r\nhello", 400 },
        { $"{Post}X-A: b\r\n Content-Length: 5\r\n\r\nhello", 400 },

        // Codings that hide.
        { $"{Post}Transfer-Encoding : chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding\t: chunked\r\n\r\n{Last}", 400 },
        { $"{Post} Transfer-Encoding: chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: xchunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chunkedx\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: \"chunked\"\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chunked, identity\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: identity, chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: identity\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: gzip, chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chunked, chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chunked;a=b\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: ,chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chunked,\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: \vchunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: chun\0ked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding:\r\n chunked\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: \r\n\r\n{Last}", 400 },
        { $"{Post}{Chunked}{Chunked}\r\n{Last}", 400 },
        { $"{Post}{Chunked}Transfer-Encoding: identity\r\n\r\n{Last}", 400 },
        { $"{Post}Transfer-Encoding: identity\r\n{Chunked}\r\n{Last}", 400 },
        { $"POST / HTTP/1.0\r\nHost: a\r\n{Chunked}\r\n{Last}", 400 },

        // Chunks that are none.
        { $"{Post}{Chunked}\r\n-1\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n0x5\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n 5\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n+5\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5 5\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\nfffffffff\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n100000000000000005\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5\r\nhelloX\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5\r\nhelloXX{Last}", 400 },
        { $"{Post}{Chunked}\r\n5\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5\r\nhello\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5;a\nb\r\nhello\r\n{Last}", 400 },
        { $"{Post}{Chunked}\r\n5\r\nhello\r\n0\r\nX-A : b\r\n\r\n", 400 },
        { $"{Post}{Chunked}\r\n5\r\nhello\r\n0\r\nX-A: b\r\n folded\r\n\r\n", 400 },

        // Lines that end elsewhere, or hide something.
        { "GET / HTTP/1.1\nHost: a\n\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n", 400 },
        { $"{Get}X-A: b\rX-B: c\r\n\r\n", 400 },
        { $"{Get}X-A: b\nX-B: c\r\n\r\n", 400 },
        { $"{Get}X-A: b\r\n folded\r\n\r\n", 400 },
        { $"{Get}X-A: b\r\n\tfolded\r\n\r\n", 400 },
        { $"{Get}X-A: b\0c\r\n\r\n", 400 },
        { $"{Get}X-A\0: b\r\n\r\n", 400 },
        { $"{Get}X A: b\r\n\r\n", 400 },
        { $"{Get}: b\r\n\r\n", 400 },
        { $"{Get}no colon\r\n\r\n", 400 },
        { $"{Get}X-\u00e9: b\r\n\r\n", 400 },
        { $"{Get}\0\r\n\r\n", 400 },

        // Who is meant.
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
        { "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },

        // First lines.
        { "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400 },
        { "GET / http/1.1\r\nHost: a\r\n\r\n", 505 },
        { "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505 },
        { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
        { "GET /\r\n\r\n", 400 },
        { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET path HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
        { "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405 },
    };

    /// <summary>What can be read in one way only, and what of it reaches the guest.</summary>
    public static TheoryData<string, string, string> Clear { get; } = new()
    {
        { $"{Post}Content-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello" },
        { $"{Post}Content-Length: 005\r\n\r\nhello", "Content-Length: 5", "hello" },
        { $"{Post}Content-Length:\t5\t\r\n\r\nhello", "Content-Length: 5", "hello" },
        { $"{Post}{Chunked}\r\n5\r\nhello\r\n{Last}", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n" },
        { $"{Post}transfer-encoding:\tCHUNKED \r\n\r\n5\r\nhello\r\n{Last}", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n" },
        { $"{Post}{Chunked}\r\n5;a=\"b\"\r\nhello\r\n{Last}", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n" },
        { $"{Post}{Chunked}\r\n5;a=b;{new string('x', 500)}\r\nhello\r\n{Last}", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n" },
        { $"{Post}{Chunked}\r\n005\r\nhello\r\n000\r\n\r\n", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n" },
        { $"{Post}Content-Length: {Hidden.Length}\r\n\r\n{Hidden}", $"Content-Length: {Hidden.Length}", Hidden },
        { $"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}", $"Content-Length: {Hidden.Length}", Hidden },
        { $"{Post}Content_Length: 3\r\nContent-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello" },
        { $"{Get}X-A: {Hidden.Replace("\r\n", " ", StringComparison.Ordinal)}\r\n\r\n", "X-A: GET /hidden", "" },
        { "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "Host: a", "" },
        { $"{Post}Content-Length: +5\r\n\r\nhello", "Content-Length: 5", "hello" },
        { "GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: b\r\n", "" },
        { "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "" },
        { $"{Get}X(A): b\r\nX-B\x7f: c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "" },
        { "GET / HTTP/1.1\r\nhOST:a\r\n\r\n", "Host: a", "" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Refused))]
    public async Task What_can_be_read_in_two_ways_is_refused_and_reaches_no_guest(string request, int status)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(request + Hidden);
        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        // Nothing that is left on the connection is served.
        await client.ReadToAnyEndAsync();
        Assert.DoesNotContain(guest.Requests, seen => seen.Head.Contains("/hidden", StringComparison.Ordinal));
        await gateway.QuietAsync();
        using var other = await gateway.Client.GetAsync(new Uri("/other", UriKind.Relative), Cancel);
        Assert.True(other.IsSuccessStatusCode);
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Clear))]
    public async Task What_can_be_read_in_one_way_is_one_request_of_one_length(string request, string line, string body)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(request + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await client.ReadToAnyEndAsync();
        Assert.Equal(2, guest.Requests.Count);
        Assert.Contains(line, guest.Requests[0].Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(body, guest.Requests[0].Body);
        Assert.StartsWith("GET /next HTTP/1.1\r\n", guest.Requests[1].Head, StringComparison.Ordinal);
        await gateway.QuietAsync();
    }
}
