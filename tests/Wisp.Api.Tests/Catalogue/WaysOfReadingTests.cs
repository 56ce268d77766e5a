using System.Net;
using System.Net.Http.Headers;
using Wisp.Api.Http;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>Clients read in different ways: without a body, with an empty one, with an object, with a list; and write paths as they like.</summary>
public sealed class WaysOfReadingTests
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    public static TheoryData<string> Reads => [.. OperationCatalogue.All.Where(operation => operation.Method == "GET").Select(operation => operation.Id)];

    public static TheoryData<string> ReadsByReference =>
        [.. OperationCatalogue.All.Where(operation => operation.Method == "GET" && operation.Query.Any(member => member.Name == "uuid") && operation.Query.Any(member => member.Name == "name")).Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_body_that_says_nothing_changes_nothing(string id)
    {
        await using var api = await TestApi.StartAsync();
        var path = PathOf(OperationCatalogue.Find(id)) + (id.StartsWith("wait", StringComparison.Ordinal) ? $"?timeout_s=0&uuid={Absent}" : $"?uuid={Absent}");
        var without = await SendAsync(api, path, null);
        foreach (var body in (string[])["", "[]", "null"])
        {
            var answer = await SendAsync(api, path, body);
            Assert.Equal((without.Status, without.Envelope, Data(without)), (answer.Status, answer.Envelope, Data(answer)));
        }
    }

    [Theory]
    [MemberData(nameof(ReadsByReference))]
    public async Task What_is_asked_for_is_named_in_the_query_or_the_body(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        var path = PathOf(operation) + (id.StartsWith("wait", StringComparison.Ordinal) ? "?timeout_s=0&" : "?");
        (string Query, string? Body, int Count)[] forms =
        [
            ($"uuid={Absent}", null, 1), ($"uuid={Absent},{Absent}", null, 2), ($"uuid={Absent}&uuid={Absent}", null, 2), ("name=nobody", "", 1), ("name=nobody,noone", null, 2),
            ("", $$"""{"uuid": "{{Absent}}"}""", 1), ("", """{"name": "nobody"}""", 1), ("", """[{"name": "nobody"}, {"name": "noone"}]""", 2),
            ("name=nobody", $$"""[{"uuid": "{{Absent}}"}]""", 2),
        ];
        foreach (var (query, body, count) in forms)
        {
            var answer = await SendAsync(api, path + query, body);
            Assert.Equal((HttpStatusCode.OK, "error"), (answer.Status, answer.Envelope));
            var items = answer.Items(operation.Key!);
            Assert.True(items.Length == count, $"{query} {body}: {answer.Body.GetRawText()}");
            Assert.All(items, item => Assert.Equal(operation is { Plane: OperationPlane.ControlPlane } ? 1 : 8, item.Number("error")));
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Doubled_and_trailing_slashes_lead_to_the_same(string id)
    {
        await using var api = await TestApi.StartAsync();
        foreach (var (method, spelling) in OperationRoutes.Spellings(OperationCatalogue.Find(id)).Where(spelling => spelling.Method == "GET"))
        {
            var path = Fill(spelling).Replace("/", "//", StringComparison.Ordinal) + (id.StartsWith("wait", StringComparison.Ordinal) ? $"/?timeout_s=0&uuid={Absent}" : "/");
            using var request = new HttpRequestMessage(new HttpMethod(method), api.Endpoint.GetLeftPart(UriPartial.Authority) + path);
            using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.NotEqual(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private static async Task<Answer> SendAsync(TestApi api, string path, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response, TestContext.Current.CancellationToken);
    }

    private static string Data(Answer answer) => answer.Body.TryGetProperty("data", out var data) ? data.GetRawText() : "-";

    private static string PathOf(Operation operation) => Fill(OperationRoutes.Spellings(operation).First().Path);

    private static string Fill(string path) => path
        .Replace("{uuid}", Absent, StringComparison.Ordinal).Replace("{name}", "absent", StringComparison.Ordinal).Replace("{cloudprovider}", "manual", StringComparison.Ordinal);
}
