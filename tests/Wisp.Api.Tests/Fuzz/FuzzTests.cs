using CsCheck;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>
/// Whatever is sent to the API over a real store, it answers, in an envelope, and not that it broke; and what it refuses changes nothing.
/// A failure prints the seed, which <c>CsCheck_Seed</c> in the environment repeats.
/// </summary>
public sealed class FuzzTests
{
    private const int Sessions = 500, Requests = 200;

    [Fact]
    public async Task A_hundred_thousand_requests_are_answered_and_those_refused_change_nothing()
    {
        var (changes, refusals) = (0, 0);
        await FuzzRequests.All.Array[Requests].SampleAsync(
            async requests =>
            {
                await using var session = await FuzzSession.StartAsync();
                foreach (var request in requests)
                {
                    await session.SendAsync(request);
                }

                Interlocked.Add(ref changes, session.Changes);
                Interlocked.Add(ref refusals, session.Refusals);
            },
            iter: Sessions, print: requests => $"{requests.Length} requests");
        TestContext.Current.TestOutputHelper!.WriteLine($"{changes} requests changed something, {refusals} were refused");
        // Were all of them refused, or none, little would be known.
        Assert.True(changes > Sessions * Requests / 50 && refusals > Sessions * Requests / 5, $"{changes} changed something, {refusals} were refused");
    }

    [Theory]
    [InlineData("GET /v1/instances/%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET /v1/instances/a%00b?c=d HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET /v1/instances HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET v1/instances HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET /v1/in stances HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GE\0T /v1/instances HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET /v1/instances HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n", 400)]
    [InlineData("GET /v1/instances HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("POST /v1/instances HTTP/1.1\r\nHost: a\r\nContent-Length: five\r\n\r\n", 400)]
    [InlineData("POST /v1/instances HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400)]
    [InlineData("\x16\x03\x01\x02\r\n\r\n", 400)]
    public async Task What_is_no_HTTP_gets_an_envelope_too(string head, int status)
    {
        await using var api = await Support.TestApi.StartAsync();
        Assert.Equal(status, (int)(await Support.RawRequest.SendAsync(api, head)).Status);
    }

    [Fact]
    public async Task A_head_that_is_too_long_gets_an_envelope_too()
    {
        await using var api = await Support.TestApi.StartAsync();
        var answer = await Support.RawRequest.SendAsync(api, $"GET /v1/instances HTTP/1.1\r\nHost: a\r\nX-Long: {new string('x', 40_000)}\r\n\r\n");
        Assert.Equal(431, (int)answer.Status);
        answer = await Support.RawRequest.SendAsync(api, $"GET /{new string('x', 9000)} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(414, (int)answer.Status);
    }
}
