using System.Buffers.Binary;
using System.Net;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;
using static Wisp.Gateway.Tests.Hostile.FrameClient;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Frames of HTTP/2 that break its rules (RFC 9113, after the cases of h2spec), and floods of such that do not.</summary>
public sealed class FrameTests
{
    private const byte Whole = EndStream | EndHeaders;
    private const string Protocol = "protocol", Size = "frame size", Compression = "compression", FlowControl = "flow control", Closed = "stream closed";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // By their numbers (section 7).
    private static string[] Errors { get; } = ["none", Protocol, "internal", FlowControl, "settings timeout", Closed, Size, "refused stream", "cancel", Compression, "connect", "enhance your calm"];

    private static byte[] Hello { get; } = Frame(Settings, 0, 0, []);

    /// <summary>What breaks a connection, and as what.</summary>
    public static TheoryData<string, byte[][], string> Broken { get; } = new()
    {
        { "settings of a stream", [Frame(Settings, 0, 1, [])], Protocol },
        { "settings of five bytes", [Frame(Settings, 0, 0, new byte[5])], Size },
        { "settings acknowledged with something", [Hello, Frame(Settings, Acknowledge, 0, new byte[6])], Size },
        { "settings with a window too large", [Frame(Settings, 0, 0, [0, 4, 0x80, 0, 0, 0])], FlowControl },
        { "settings with frames too small", [Frame(Settings, 0, 0, [0, 5, 0, 0, 0, 1])], Protocol },
        { "settings with a push that is neither", [Frame(Settings, 0, 0, [0, 2, 0, 0, 0, 2])], Protocol },
        { "ping of seven bytes", [Hello, Frame(Ping, 0, 0, new byte[7])], Size },
        { "ping of a stream", [Hello, Frame(Ping, 0, 1, new byte[8])], Protocol },
        { "going away from a stream", [Hello, Frame(GoAway, 0, 1, new byte[8])], Protocol },
        { "data of no stream", [Hello, Frame(Data, 0, 0, [1])], Protocol },
        { "data of a stream that is not open", [Hello, Frame(Data, 0, 1, [1])], Protocol },
        { "padding longer than the frame", [Hello, Frame(Headers, EndHeaders, 1, Pack(Get)), Frame(Data, Padded, 1, [9, 1])], Protocol },
        { "headers of no stream", [Hello, Frame(Headers, Whole, 0, Pack(Get))], Protocol },
        { "headers of an even stream", [Hello, Frame(Headers, Whole, 2, Pack(Get))], Protocol },
        { "headers of an earlier stream", [Hello, Frame(Headers, Whole, 5, Pack(Get)), Frame(Headers, Whole, 3, Pack(Get))], Closed },
        { "headers that lean on themselves", [Hello, Frame(Headers, Whole | WithPriority, 1, [0, 0, 0, 1, 9, .. Pack(Get)])], Protocol },
        { "priority of four bytes", [Hello, Frame(Priority, 0, 1, new byte[4])], Size },
        { "a reset of no stream", [Hello, Frame(Reset, 0, 0, new byte[4])], Protocol },
        { "a reset of a stream that is not open", [Hello, Frame(Reset, 0, 1, new byte[4])], Protocol },
        { "a reset of three bytes", [Hello, Frame(Headers, EndHeaders, 1, Pack(Get)), Frame(Reset, 0, 1, new byte[3])], Size },
        { "a push of a client", [Hello, Frame(Push, EndHeaders, 1, [0, 0, 0, 2, .. Pack(Get)])], Protocol },
        { "a window of three bytes", [Hello, Frame(Window, 0, 0, new byte[3])], Size },
        { "a window of nothing", [Hello, Frame(Window, 0, 0, new byte[4])], Protocol },
        { "a window too large", [Hello, Frame(Window, 0, 0, [0x7f, 0xff, 0xff, 0xff])], FlowControl },
        { "a continuation of nothing", [Hello, Frame(Continuation, EndHeaders, 1, Pack(Get))], Protocol },
        { "something between headers", [Hello, Frame(Headers, EndStream, 1, Pack(Get)), Frame(Ping, 0, 0, new byte[8])], Protocol },
        { "another stream between headers", [Hello, Frame(Headers, EndStream, 1, Pack(Get)), Frame(Continuation, EndHeaders, 3, [])], Protocol },
        { "a frame too long", [Hello, Frame(Headers, EndHeaders, 1, Pack(Get)), Frame(Data, 0, 1, new byte[20_000])], Size },
        { "an index of no header", [Hello, Frame(Headers, Whole, 1, [0xff, 0xff, 0x01])], Compression },
        { "a table too large", [Hello, Frame(Headers, Whole, 1, [0x3f, 0xff, 0xff, 0x7f, .. Pack(Get)])], Compression },
        { "headers cut off", [Hello, Frame(Headers, Whole, 1, Pack(Get)[..^1])], Compression },
    };

    /// <summary>Requests that are none (section 8), which end at least their stream.</summary>
    public static TheoryData<string, (string Name, string Value)[]> Malformed { get; } = new()
    {
        { "no method", Without(":method") },
        { "no scheme", Without(":scheme") },
        { "no path", Without(":path") },
        { "an empty path", With(":path", "") },
        { "a path that is none", With(":path", "hidden") },
        { "two methods", [.. Get, (":method", "GET")] },
        { "two paths", [.. Get, (":path", "/hidden")] },
        { "two authorities", [.. Get, (":authority", "bank.localhost")] },
        { "an unknown one of theirs", [.. Get, (":hidden", "1")] },
        { "one of an answer", [.. Get, (":status", "200")] },
        { "one of theirs behind others", [.. Without(":path"), ("x-a", "b"), (":path", "/")] },
        { "capital letters", [.. Get, ("X-A", "b")] },
        { "a value with a line break", [.. Get, ("x-a", "b\r\nGET /hidden HTTP/1.1")] },
        { "a value with a line feed", [.. Get, ("x-a", "b\nx-b: c")] },
        { "a value with a null", [.. Get, ("x-a", "b\0c")] },
        { "a path with a line break", With(":path", "/ HTTP/1.1\r\nX-B: c") },
        { "a path with a space", With(":path", "/a b") },
        { "a method with a line break", With(":method", "GET / HTTP/1.1\r\nX-B") },
        { "a method with a space", With(":method", "GET /hidden") },
        { "an authority with a line break", With(":authority", "a\r\nX-B: c") },
        { "another scheme", With(":scheme", "http://else/?") },
        { "a connection", [.. Get, ("connection", "close")] },
        { "a coding", [.. Get, ("transfer-encoding", "chunked")] },
        { "an upgrade", [.. Get, ("upgrade", "h2c")] },
        { "what stays alive", [.. Get, ("keep-alive", "1")] },
        { "what a proxy is told", [.. Get, ("proxy-connection", "close")] },
        { "trailers that are more", [.. Get, ("te", "gzip")] },
        { "a length and no body", [.. Get, ("content-length", "5")] },
        { "two lengths", [.. Get, ("content-length", "0"), ("content-length", "5")] },
        { "a proxy's method", [(":method", "CONNECT"), (":authority", "shop.localhost:80")] },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Broken))]
    public async Task What_breaks_the_rules_ends_the_connection_and_says_why(string what, byte[][] frames, string error)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync([.. frames.Select(frame => (ReadOnlyMemory<byte>)frame)]);
        var end = await client.ReadAsync(GoAway);
        Assert.True(end is not null, what);
        Assert.Equal(error, Errors[BinaryPrimitives.ReadInt32BigEndian(end.Value.Payload.AsSpan(4))]);
        await AssertServedAsync(gateway);
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Malformed))]
    public async Task A_request_that_is_none_reaches_no_guest(string what, (string Name, string Value)[] headers)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello, Frame(Headers, Whole, 1, Pack(headers)));
        var end = await client.ReadAsync(GoAway, Reset, Headers);
        // Literal status 200 has an index of its own.
        Assert.True(end is not { Type: Headers, Payload: [0x88, ..] }, what);
        Assert.Empty(guest.Requests);
        await AssertServedAsync(gateway);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("host", "bank.localhost")]
    [InlineData("x a", "b")]
    [InlineData("x-a: b\r\nx-b", "c")]
    [InlineData("x-a(", "b")]
    public async Task A_header_that_is_none_goes_no_further(string name, string value)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello, Frame(Headers, Whole, 1, Pack([.. Get, (name, value)])));
        await client.ReadAsync(Headers);
        Assert.Equal(
            "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.localhost\r\n\r\n",
            guest.Requests.Single().Head);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("5", 4)]
    [InlineData("5", 6)]
    [InlineData("0", 1)]
    public async Task A_body_that_is_not_as_long_as_it_says_is_no_body(string length, int sent)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello, Frame(Headers, EndHeaders, 1, Pack([.. With(":method", "POST"), ("content-length", length)])), Frame(Data, EndStream, 1, new byte[sent]));
        var end = await client.ReadAsync(GoAway, Reset);
        Assert.NotNull(end);
        await AssertServedAsync(gateway);
        Assert.DoesNotContain(guest.Requests, seen => seen.Head.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Streams_that_are_reset_as_soon_as_they_are_opened_end_the_connection()
    {
        await using var application = await HeldApplication.StartAsync();
        await using var gateway = await TestGateway.StartHttpsAsync(application.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello);
        var (opened, request) = (0, Pack(Get));
        while (await client.SendAsync(Frame(Headers, Whole, 1 + (2 * opened), request), Frame(Reset, 0, 1 + (2 * opened), [0, 0, 0, 8])) && ++opened < 100_000)
        {
        }

        Assert.InRange(opened, 0, 99_999);
        await gateway.QuietAsync();
        application.Release();
        await AssertServedAsync(gateway);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1_000)]
    public async Task A_head_that_is_continued_for_ever_ends_the_connection(int length)
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port, ClientPatience.Usual with { Header = TimeSpan.FromSeconds(2) });
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello, Frame(Headers, EndStream, 1, Pack(Get)));
        var more = Frame(Continuation, 0, 1, length == 0 ? [] : Pack(Enumerable.Repeat(("x-a", new string('a', 100)), length / 100)));
        while (await client.SendAsync(more))
        {
        }

        Assert.Empty(guest.Requests);
        await AssertServedAsync(gateway);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_preface_ends_the_connection()
    {
        using var guest = new RecordingGuest();
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port);
        await using var client = await ConnectAsync(gateway.Route.Listen, "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n");
        while (await client.ReadAsync(Headers) is not null)
        {
        }

        await AssertServedAsync(gateway);
    }

    private static (string Name, string Value)[] Without(string name) => [.. Get.Where(header => header.Name != name)];

    private static (string Name, string Value)[] With(string name, string value) => [.. Get.Select(header => header.Name == name ? (name, value) : header)];

    private static async Task AssertServedAsync(TestGateway gateway)
    {
        await gateway.QuietAsync();
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        using var answer = await client.GetAsync(new Uri("https://shop.localhost/"), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
