using System.Net;
using Wisp.Api.Http;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Accounts;

/// <summary>Every operation with every role.</summary>
public sealed class RoleTests
{
    public static TheoryData<string> All => [.. OperationCatalogue.All.Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_role_may_do_what_the_catalogue_says_in_every_spelling_and_no_more(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        var (_, _, body) = WalkedRequest.Bare(operation);
        foreach (var role in Enum.GetValues<Role>())
        {
            using var client = await api.AccountAsync("walker", role.ToString().ToLowerInvariant());
            foreach (var (method, path) in OperationRoutes.Spellings(operation))
            {
                var answer = await client.SendAsync(
                    method,
                    path.Replace("{uuid}", "7f0c1d3e-0000-4000-8000-000000000000", StringComparison.Ordinal).Replace("{name}", "absent", StringComparison.Ordinal)
                        .Replace("{cloudprovider}", "manual", StringComparison.Ordinal) + (id.StartsWith("wait", StringComparison.Ordinal) ? "?timeout_s=0" : ""),
                    body);
                if (role < operation.Needs)
                {
                    answer.Failure(HttpStatusCode.Forbidden, $"This token may not do that: '{id}' needs the role '{operation.Needs.ToString().ToLowerInvariant()}'.");
                }
                else
                {
                    Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{role} {method} {path}: {answer.Body.GetRawText()}");
                }
            }
        }
    }

    [Fact]
    public void Reading_needs_no_more_than_reading_and_changing_needs_more() => Assert.All(
        OperationCatalogue.All,
        operation => Assert.True(
            operation.Method == "GET" ? operation.Needs == Role.Read || operation.Plane == OperationPlane.Wisp : operation.Needs > Role.Read || operation.Path.StartsWith("/auth/", StringComparison.Ordinal),
            operation.Id));

    [Theory]
    [InlineData("GET", "/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("GET", "/v1/instances/7f0c1d3e-0000-4000-8000-000000000000/plugins/a/b", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/v1/healthz", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_in_no_catalogue_has_its_role_too(string method, string path, HttpStatusCode status)
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("walker", "read");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
    }
}
