using System.Text;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class HttpHeadTests
{
    private static HttpHead? Parse(string text) => HttpHead.Parse(Encoding.ASCII.GetBytes(text));

    [Fact]
    public void A_head_is_read()
    {
        const string head = "HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length: 12\r\n\r\n";
        Assert.Equal(new HttpHead(200, head.Length, 12, null), Parse(head + "Hello, worl"));
    }

    [Theory]
    [InlineData("Connection: close", true)]
    [InlineData("connection: Close", true)]
    [InlineData("Connection: keep-alive", false)]
    public void The_last_answer_says_so(string line, bool isLast)
    {
        Assert.Equal(isLast, Parse($"HTTP/1.1 200 OK\r\n{line}\r\n\r\n")!.IsLast);
    }

    [Fact]
    public void A_head_that_has_not_come_whole_is_waited_for()
    {
        Assert.Null(Parse("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n"));
    }

    [Fact]
    public void Without_a_length_the_end_of_the_connection_is_the_end()
    {
        Assert.Null(Parse("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n\r\n")!.ContentLength);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void What_cannot_be_measured_is_refused(string text)
    {
        Assert.Throws<InvalidDataException>(() => Parse(text));
    }

    [Fact]
    public void The_gateways_words_about_a_wake_are_read()
    {
        var head = Parse("HTTP/1.1 200 OK\r\nServer-Timing: hold;dur=4.125, wake;dur=3.500;desc=\"17\", ttfb;dur=1.250\r\n\r\n");
        Assert.Equal(
            new ServerTiming(TimeSpan.FromMilliseconds(4.125), TimeSpan.FromMilliseconds(3.5), 17, TimeSpan.FromMilliseconds(1.25)),
            head!.Timing);
    }

    [Fact]
    public void Another_servers_timing_is_none_of_ours()
    {
        Assert.Null(Parse("HTTP/1.1 200 OK\r\nServer-Timing: db;dur=53\r\n\r\n")!.Timing);
    }
}
