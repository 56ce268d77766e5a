using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Observing;

/// <summary>What an application hears of the trace that a request belongs to.</summary>
public sealed class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData($"00-{Trace}-b7ad6b7169203331-01", Trace)]
    [InlineData("what is this", null)]
    public async Task What_a_client_says_of_it_is_passed_on_as_it_is_and_noted_where_it_can_be_read(string given, string? noted)
    {
        await using var application = await Application.StartAsync(EchoAsync);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        await using var plain = await TestGateway.StartAsync(application.Port);
        foreach (var client in (HttpClient[])[logged.Gateway.Client, plain.Client])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("traceparent", given);
            request.Headers.TryAddWithoutValidation("tracestate", "vendor=1,other=2");
            request.Headers.TryAddWithoutValidation("baggage", "a=1");
            using var answer = await client.SendAsync(request, Cancel);
            Assert.Equal($"{given}|vendor=1,other=2|a=1", await answer.Content.ReadAsStringAsync(Cancel));
        }

        var line = Assert.Single(await logged.LinesAsync(1));
        Assert.Equal(noted, line.TryGetProperty("trace_id", out var id) ? id.GetString() : null);
    }

    [Fact]
    public async Task Where_there_is_a_log_who_has_none_is_given_one_which_is_in_the_log()
    {
        await using var application = await Application.StartAsync(EchoAsync);
        await using var logged = await LoggedGateway.StartAsync(application.Port);
        var (first, second) = (await AskAsync(logged.Gateway), await AskAsync(logged.Gateway));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01\\|\\|$", first);
        Assert.NotEqual(first, second);
        Assert.Equal([first[3..35], second[3..35]], (await logged.LinesAsync(2)).Select(line => line.GetProperty("trace_id").GetString()));
    }

    [Fact]
    public async Task Without_a_log_nobody_is_given_one()
    {
        await using var application = await Application.StartAsync(EchoAsync);
        await using var gateway = await TestGateway.StartAsync(application.Port);
        Assert.Equal("||", await AskAsync(gateway));
    }

    private static Task EchoAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        return context.Response.WriteAsync($"{headers.TraceParent}|{headers.TraceState}|{headers.Baggage}");
    }

    // Over a connection that knows nothing of traces; a client of this platform might add one by itself.
    private static async Task<string> AskAsync(TestGateway gateway)
    {
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync();
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Split("\r\n") is [_, var text, ..] ? text : answer;
    }
}
