using System.Net;
using Wisp.Api.Http;
using Wisp.Api.Tests.Support;
using Wisp.Platform.Accounts;

namespace Wisp.Api.Tests.Accounts;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Beyond_its_burst_a_token_is_told_to_wait_and_others_go_on()
    {
        // So rare that no pause of the machine fills it.
        await using var api = await TestApi.StartAsync(new RateLimit(0.0001, 8));
        using var client = await api.AccountAsync("acme");
        for (var count = 0; count < 8; count++)
        {
            (await client.SendAsync("GET", "/v1/instances")).Success();
        }

        var refused = (await client.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.TooManyRequests, "Too many requests with this token.");
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10_000);
        (await api.GetAsync("/v1/instances")).Success();
    }

    [Fact]
    public void Where_nothing_is_set_the_node_s_own_token_has_no_limit_and_others_have()
    {
        var limits = new RateLimits(null);
        Assert.All(Enumerable.Range(0, 5000), _ => Assert.Null(limits.Take(Caller.Owner)));
        var caller = Caller.Owner with { Token = "0123456789abcdef" };
        Assert.All(Enumerable.Range(0, RateLimit.Usual.Burst), _ => Assert.Null(limits.Take(caller)));
        Assert.Contains(Enumerable.Range(0, 5000), _ => limits.Take(caller) > TimeSpan.Zero);
        limits.Forget(caller.Token!);
        Assert.Null(limits.Take(caller));
    }
}
