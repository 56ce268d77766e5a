using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
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
