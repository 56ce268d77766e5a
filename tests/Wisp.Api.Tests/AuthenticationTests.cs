using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

public sealed class AuthenticationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "A token is missing.")]
    [InlineData("", "A token is missing.")]
    [InlineData("Bearer", "A token is missing.")]
    [InlineData("Basic cm9ib3Q6c2VjcmV0", "A token is missing.")]
    [InlineData(TestApi.Token, "A token is missing.")]
    [InlineData("Bearer robot$test:secre", "The token is not valid.")]
    [InlineData("Bearer robot$test:secrets", "The token is not valid.")]
    [InlineData("Bearer ROBOT$TEST:SECRET", "The token is not valid.")]
    [InlineData("Bearer robot$test:secret, Bearer robot$test:secret", "The token is not valid.")]
    public async Task Without_the_token_nothing_is_answered(string? authorization, string message)
    {
        await using var api = await TestApi.StartAsync();
        var answer = await AskAsync(api, "/v1/instances", authorization);
        answer.Failure(HttpStatusCode.Unauthorized, message);
        Assert.Equal("Bearer", answer.Response.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain("secret", answer.Body.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/v1/instances")]
    [InlineData("/V1/instances")]
    [InlineData("//v1//instances/")]
    [InlineData("/%76%31/instances")]
    [InlineData("/x/../v1/instances")]
    [InlineData("/v1/./instances")]
    [InlineData("/v1/services")]
    [InlineData("/v1/images")]
    [InlineData("/v1/healthz")]
    [InlineData("/v1/nothing")]
    [InlineData("/nothing")]
    public async Task No_way_of_writing_a_path_leads_past_the_token(string path)
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(api, path, null)).Status);
    }

    [Theory]
    [InlineData("Bearer " + TestApi.Token)]
    [InlineData("bearer " + TestApi.Token)]
    [InlineData("Bearer   " + TestApi.Token)]
    public async Task With_the_token_it_is(string authorization)
    {
        await using var api = await TestApi.StartAsync();
        (await AskAsync(api, "/v1/instances", authorization)).Success();
    }

    [Fact]
    public async Task The_root_says_that_the_server_is_there()
    {
        await using var api = await TestApi.StartAsync();
        (await AskAsync(api, "/", null)).Success();
    }

    [Fact]
    public async Task A_token_that_is_exchanged_counts_at_once()
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync("/v1/instances")).Success();
        await File.WriteAllTextAsync(api.TokenFile, "another", Cancel);
        File.SetLastWriteTimeUtc(api.TokenFile, DateTime.UnixEpoch.AddYears(60));
        (await AskAsync(api, "/v1/instances", "Bearer another")).Success();
        (await AskAsync(api, "/v1/instances", "Bearer " + TestApi.Token)).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
    }

    // As written: a Uri would tidy the path.
    private static async Task<Answer> AskAsync(TestApi api, string path, string? authorization)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(api.Endpoint.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.SendAsync(request, Cancel);
        return await Answer.ReadAsync(response, Cancel);
    }
}
