using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Wisp.Certificates.Acme;

namespace Wisp.Certificates.Tests.Acme;

/// <summary>What an authority refuses, as pebble never does.</summary>
public sealed class AcmeRefusalTests : IDisposable
{
    private readonly ScriptedAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AccountKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly HttpClient _http;
    private readonly AcmeAccount _account;

    public AcmeRefusalTests()
    {
        _http = new HttpClient(_authority);
        _account = new AcmeAccount(new AcmeTransport(_http, _key, ScriptedAuthority.Directory, _time), "ops@example.com", null);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 2026 01:00:00 GMT", 3600)]
    public async Task A_rate_limit_is_told_with_its_reason_and_how_long_it_lasts(string retryAfter, int seconds)
    {
        _authority.Orders.Enqueue((HttpStatusCode.TooManyRequests, """{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates already issued"}""", retryAfter));
        var order = Order();
        var refused = await order.RunAsync(TestContext.Current.CancellationToken);
        Assert.Contains("'shop.example.com': too many certificates already issued", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(seconds), order.RetryAfter);
    }

    [Fact]
    public async Task A_nonce_that_is_refused_is_replaced_by_the_one_that_comes_along()
    {
        for (var refusal = 0; refusal < 3; refusal++)
        {
            _authority.Orders.Enqueue((HttpStatusCode.BadRequest, """{"type":"urn:ietf:params:acme:error:badNonce","detail":"stale"}""", null));
        }

        _authority.Orders.Enqueue((HttpStatusCode.Forbidden, """{"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"policy","subproblems":[{"type":"x","detail":"not this one"}]}""", null));
        var refused = await Order().RunAsync(TestContext.Current.CancellationToken);
        Assert.Contains("policy; not this one", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(4, _authority.Used.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task An_answer_that_is_none_is_an_error_and_no_exception()
    {
        _authority.Orders.Enqueue((HttpStatusCode.Created, "<html>", null));
        Assert.Contains("cannot be read", (await Order().RunAsync(TestContext.Current.CancellationToken)).Error!.Message, StringComparison.Ordinal);
        _authority.Orders.Enqueue((HttpStatusCode.BadGateway, "<html>", null));
        Assert.NotNull((await Order().RunAsync(TestContext.Current.CancellationToken)).Error);
    }

    public void Dispose()
    {
        _account.Dispose();
        _http.Dispose();
        _authority.Dispose();
    }

    private AcmeOrdering Order() => new("shop.example.com", _account, _key, new NoResponder(), _time);

    private sealed class NoResponder : IChallengeResponder
    {
        public string Type => "http-01";
        public string NextStep => "";
        public Task<Result<IAsyncDisposable>> PresentAsync(Challenge challenge, CancellationToken cancellation) => throw new InvalidOperationException("No order came this far.");
    }
}
