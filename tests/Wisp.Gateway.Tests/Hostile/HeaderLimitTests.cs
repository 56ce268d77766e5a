using System.Net;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>How much of a head is read, and what is said of more.</summary>
public sealed class HeaderLimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Heads { get; } = new()
    {
        { $"GET /{new string('a', 8_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 200 },
        { $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { $"{new string('A', 9_000)} / HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { $"GET / HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 30_000)}\r\n\r\n", 200 },
        { $"GET / HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 40_000)}\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{new string('A', 40_000)}: a\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{Many(90)}\r\n", 200 },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{Many(101)}\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{Many(90, 1_000)}\r\n", 431 },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Heads))]
    public async Task More_is_refused_with_its_own_status_and_reaches_no_guest(string head, int status)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartAsync(guest.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(head);
        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 1 : 0, guest.Requests.Count);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(1, 30_000, true)]
    [InlineData(1, 40_000, false)]
    [InlineData(101, 1, false)]
    [InlineData(90, 1_000, false)]
    public async Task The_same_over_http2(int count, int length, bool isServed)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://shop.localhost/")) { Version = HttpVersion.Version20 };
        for (var i = 0; i < count; i++)
        {
            request.Headers.Add($"x-{i}", new string('a', length));
        }

        try
        {
            using var answer = await client.SendAsync(request, Cancel);
            Assert.Equal(isServed ? HttpStatusCode.OK : HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException) when (!isServed)
        {
            // More than fits is not even unpacked, so what comes after it could not be understood: the connection ends.
        }

        Assert.Equal(isServed ? 1 : 0, guest.Requests.Count);
        Assert.Equal("ok", await client.GetStringAsync(new Uri("https://shop.localhost/"), Cancel));
    }

    private static string Many(int count, int length = 1) => string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"));
}
