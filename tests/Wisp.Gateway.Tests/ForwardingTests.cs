using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Requests to a backend that is awake.</summary>
public sealed class ForwardingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Method_path_query_headers_and_body_arrive_as_they_were_sent()
    {
        var seen = new TaskCompletionSource<(string Method, string Target, string Host, string Custom, string Body)>();
        await using var application = await Application.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            seen.SetResult((context.Request.Method, target, context.Request.Host.Value!, context.Request.Headers["X-Custom"].ToString(), await body.ReadToEndAsync()));
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers["X-Answer"] = "yes";
            await context.Response.WriteAsync("short and stout");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("PATCH /a%2Fb/c%20d//e?x=%2F&y=a+b HTTP/1.1\r\nHost: Shop.example:81\r\nX-Custom: one, two\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        var answer = await client.ReadToEndAsync();
        Assert.Equal(("PATCH", "/a%2Fb/c%20d//e?x=%2F&y=a+b", "Shop.example:81", "one, two", "hello"), await seen.Task);
        Assert.StartsWith("HTTP/1.1 418 ", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Answer: yes\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nshort and stout\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server-Timing", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, gateway.Wake.Calls);
    }

    [Fact]
    public async Task The_application_learns_who_asked_and_nobody_can_pretend_to_be_another()
    {
        var seen = new TaskCompletionSource<IHeaderDictionary>();
        await using var application = await Application.StartAsync(context =>
        {
            seen.SetResult(new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)));
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "shop.example";
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "bank.example");
        using var answer = await gateway.Client.SendAsync(request, Cancel);
        var headers = await seen.Task;
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(headers["X-Forwarded-For"].Single()!)));
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal("shop.example", headers["X-Forwarded-Host"]);
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [InlineData("GET", 302)]
    [InlineData("OPTIONS", 200)]
    [InlineData("DELETE", 500)]
    public async Task What_the_application_answers_is_the_answer(string method, int status)
    {
        await using var application = await Application.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://elsewhere.example/";
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        using var answer = await gateway.Client.SendAsync(request, Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("http://elsewhere.example/", answer.Headers.Location?.ToString());
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_connection_serves_many_requests_on_both_sides()
    {
        var connections = new ConcurrentBag<string>();
        await using var application = await Application.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("ok\r\n0\r\n\r\n"), StringComparison.Ordinal);
        }

        Assert.Equal(5, connections.Count);
        Assert.Single(connections.Distinct(StringComparer.Ordinal));
        Assert.Equal(5, gateway.Backend.Total);
        await gateway.QuietAsync();
    }

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
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await TestGateway.StartAsync(application.Port);
        next.Release();
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
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
    public async Task An_answer_with_trailers_arrives_whole_without_them()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var asking = gateway.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("\r\n\r\n");
        await guest.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n");
        using var answer = await asking;
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Empty(answer.TrailingHeaders);
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

    [Fact]
    public async Task An_application_that_is_restarted_under_an_idle_connection_is_reached_again()
    {
        var application = await Application.StartAsync(context => context.Response.WriteAsync("first"));
        await using var gateway = await TestGateway.StartAsync(application.Port);
        Assert.Equal("first", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel));
        await application.DisposeAsync();
        await using var again = await Application.StartAsync(context => context.Response.WriteAsync("second"), application.Port);
        Assert.Equal("second", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel));
        using var posted = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("x", Encoding.UTF8, new MediaTypeHeaderValue("text/plain")), Cancel);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
    }

    [Fact]
    public async Task A_machine_that_is_started_anew_gets_connections_of_its_own()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        var first = gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        using var old = await application.AcceptAsync();
        await old.ReadUntilAsync("\r\n\r\n");
        await old.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
        Assert.Equal("old", await first);

        // Killed, it did not close the connection; the next machine would answer to it with a reset.
        gateway.Backend.SetGone();
        gateway.Backend.SetAwake();
        var second = gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("x"), Cancel);
        using var anew = await application.AcceptAsync();
        await anew.ReadUntilAsync("\r\n\r\nx");
        await anew.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
        using var answer = await second;
        Assert.Equal("new", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    public async Task Header_values_pass_byte_for_byte(string request, string body)
    {
        // UTF-8, as many write file names, and Latin-1, as some old ones do.
        const string Utf8 = "caf\u00c3\u00a9", Latin1 = "caf\u00e9";
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"{request}Host: a\r\nX-Utf8: {Utf8}\r\nX-Latin1: {Latin1}\r\n\r\n{body}");
        using var guest = await application.AcceptAsync();
        var asked = await guest.ReadUntilAsync("\r\n\r\n");
        Assert.Contains($"X-Utf8: {Utf8}\r\n", asked, StringComparison.Ordinal);
        Assert.Contains($"X-Latin1: {Latin1}\r\n", asked, StringComparison.Ordinal);
        await guest.SendAsync($"HTTP/1.1 200 OK\r\nX-Utf8: {Utf8}\r\nX-Latin1: {Latin1}\r\nContent-Length: 0\r\n\r\n");
        var answered = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answered, StringComparison.Ordinal);
        Assert.Contains($"X-Utf8: {Utf8}\r\n", answered, StringComparison.Ordinal);
        Assert.Contains($"X-Latin1: {Latin1}\r\n", answered, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%2Fb/%41%7e", "/a%2Fb/%41%7e")]
    [InlineData("/a/../b/./c", "/a/../b/./c")]
    [InlineData("//two//slashes?a//b", "//two//slashes?a//b")]
    [InlineData("/q?", "/q?")]
    [InlineData("http://else.example/path?x=1", "/path?x=1")]
    public async Task The_path_arrives_as_it_was_written(string written, string arrived)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync($"GET {written} HTTP/1.1\r\nHost: else.example\r\n\r\n");
        using var guest = await application.AcceptAsync();
        Assert.StartsWith($"GET {arrived} HTTP/1.1\r\n", await guest.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }
}
