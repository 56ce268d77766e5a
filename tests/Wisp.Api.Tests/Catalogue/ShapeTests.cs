using System.Net;
using System.Text.Json.Nodes;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>What the catalogue says of requests is what is taken: every member by its type, and nothing else.</summary>
public sealed class ShapeTests
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    public static TheoryData<string> WithBody => [.. OperationCatalogue.All.Where(operation => operation.Body is not null).Select(operation => operation.Id)];

    public static TheoryData<string> All => [.. OperationCatalogue.All.Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Every_member_is_known(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        foreach (var member in operation.Body!.Members)
        {
            var answer = await SendAsync(api, operation, Body(operation, member.Name, Sample(member)));
            Assert.DoesNotContain("Unknown member", answer.Body.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain($"'{member.Name}' must be", answer.Body.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_member_of_the_wrong_type_is_refused(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        foreach (var member in operation.Body!.Members.Where(member => member.Type != MemberType.Any))
        {
            var answer = await SendAsync(api, operation, Body(operation, member.Name, Wrong(member)));
            Assert.True(
                answer.Envelope == "error" && answer.Body.GetRawText().Contains(member.Name, StringComparison.Ordinal),
                $"{member.Name}: {answer.Body.GetRawText()}");
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task What_is_not_a_member_is_refused(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        (await SendAsync(api, operation, Body(operation, "colour", "red"))).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    /// <summary>Whatever an operation does, its answer is an envelope with its one list, or a failure as a whole.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_operation_answers(string id)
    {
        await using var api = await TestApi.StartAsync();
        var operation = OperationCatalogue.Find(id);
        var prefix = id == "listImages" ? "/controlplane/v1" : "/v1";
        var query = operation.Method == "GET" && operation.Body is null && !operation.Path.Contains('{', StringComparison.Ordinal)
            && operation.Query.Any(member => member.Name == "uuid") && !id.StartsWith("wait", StringComparison.Ordinal) ? $"?uuid={Absent}" : "";
        var answer = await SendAsync(api, operation, operation.Body is null ? null : Body(operation, null, null), prefix, query + (id.StartsWith("wait", StringComparison.Ordinal) ? $"?uuid={Absent}&timeout_s=0" : ""));
        if (answer.Status != HttpStatusCode.OK)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.NotNull(answer.Message);
        }
        else if (operation.Key is { } key)
        {
            answer.Items(key);
        }

        if (operation.Support == SupportLevel.NotYet && operation.Method != "GET")
        {
            Assert.Contains("is not supported", answer.Body.GetRawText(), StringComparison.Ordinal);
        }
    }

    private static Task<Answer> SendAsync(TestApi api, Operation operation, JsonObject? body, string prefix = "/v1", string query = "") => api.SendAsync(
        new HttpMethod(operation.Method),
        prefix + operation.Path.Replace("{uuid}", Absent, StringComparison.Ordinal).Replace("{name}", "absent", StringComparison.Ordinal).Replace("{cloudprovider}", "manual", StringComparison.Ordinal) + query,
        body?.ToJsonString());

    // A request that is well-formed but for one member. It names what there is not, so that nothing happens.
    private static JsonObject Body(Operation operation, string? name, JsonNode? value)
    {
        var body = new JsonObject();
        foreach (var member in operation.Body!.Members.Where(member => member.Required))
        {
            body[member.Name] = Sample(member);
        }

        if (operation.Body.Members.Any(member => member.Name == "uuid") && operation.Bulk && name != "name")
        {
            body["uuid"] = Absent;
        }

        if (name is not null)
        {
            body[name] = value;
        }

        return body;
    }

    private static JsonNode? Sample(Member member) => member.Type switch
    {
        MemberType.Text when member.OneOf.Count > 0 => member.OneOf[0],
        MemberType.Text => member.Name == "uuid" ? Absent : "absent",
        MemberType.Integer => 1,
        MemberType.Boolean => false,
        MemberType.Texts => new JsonArray("a"),
        MemberType.Map => new JsonObject { ["a"] = "b" },
        MemberType.Object => Sample(member.Of!),
        MemberType.Objects => new JsonArray(Sample(member.Of!)),
        MemberType.TextOrObject => "absent",
        _ => new JsonObject(),
    };

    private static JsonObject Sample(Shape shape)
    {
        var names = shape.Members.Any(member => member.Name == "uuid") ? shape.Members.Where(member => member.Name != "name") : shape.Members;
        return new JsonObject(names.Where(member => member.Required || member.Name == "uuid").Select(member => KeyValuePair.Create(member.Name, Sample(member))));
    }

    private static JsonNode Wrong(Member member) => member.Type is MemberType.Text or MemberType.TextOrObject ? 5 : "five";
}
