using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Bodies pass as they come: neither gathered first, nor read far ahead of who takes them.</summary>
public sealed class StreamingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_piece_of_a_body_arrives_while_the_next_is_not_yet_sent()
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var application = await Application.StartAsync(async context =>
        {
            var buffer = new byte[1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                pieces.Writer.TryWrite(Encoding.ASCII.GetString(buffer, 0, read));
            }

            await context.Response.WriteAsync("all read");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var word in (string[])["one", "two", "three"])
        {
            await client.SendAsync($"{word.Length:x}\r\n{word}\r\n");
            Assert.Equal(word, await pieces.Reader.ReadAsync(Cancel));
            Assert.Equal(1, gateway.Backend.InFlight);
        }

        await client.SendAsync("0\r\n\r\n");
        await client.ReadUntilAsync("all read");
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task Events_arrive_one_by_one()
    {
        var next = new SemaphoreSlim(0);
        await using var application = await Application.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        // That it is open is known before there is an event.
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        next.Release();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        for (var i = 0; i < 3; i++)
        {
            // The next event is not even written before this one was read.
            Assert.Equal($"data: {i}", await lines.ReadLineAsync(Cancel));
            Assert.Equal("", await lines.ReadLineAsync(Cancel));
            next.Release();
        }

        Assert.Null(await lines.ReadLineAsync(Cancel));
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_long_answer_is_never_far_ahead_of_who_reads_it()
    {
        // What the kernel's buffers of both connections may take, with room to spare.
        const long Length = 192L << 20, Slack = 64L << 20;
        var written = 0L;
        await using var application = await Application.StartAsync(async context =>
        {
            var block = new byte[64 * 1024];
            while (written < Length)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
                Interlocked.Add(ref written, block.Length);
            }
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        var buffer = new byte[64 * 1024];
        var got = 0L;
        for (int read; (read = await body.ReadAsync(buffer, Cancel)) > 0; got += read)
        {
            Assert.True(Interlocked.Read(ref written) - got <= Slack, $"{written} written, {got} read");
            await Task.Yield();
        }

        Assert.Equal(Length, got);
    }

    [Fact]
    public async Task A_long_request_is_never_far_ahead_of_who_reads_it_and_arrives_whole()
    {
        // What the kernel's buffers of both connections may take, with room to spare.
        const long Length = 192L << 20, Slack = 64L << 20;
        long sent = 0, farthest = 0;
        await using var application = await Application.StartAsync(async context =>
        {
            var buffer = new byte[64 * 1024];
            var got = 0L;
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0; got += read)
            {
                farthest = Math.Max(farthest, Interlocked.Read(ref sent) - got);
            }

            await context.Response.WriteAsync(got.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {Length}\r\nConnection: close\r\n\r\n");
        for (var block = new byte[64 * 1024]; sent < Length; Interlocked.Add(ref sent, block.Length))
        {
            await client.Stream.WriteAsync(block, Cancel);
        }

        Assert.Contains($"{Length}", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.InRange(farthest, 0, Slack);
    }

    [Fact]
    public async Task A_packed_answer_stays_packed()
    {
        byte[] packed = [0x1f, 0x8b, 1, 2, 3];
        await using var application = await Application.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed);
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal(packed, await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task A_body_that_the_application_refuses_unseen_is_not_sent()
    {
        await using var application = await Application.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
    }
}
