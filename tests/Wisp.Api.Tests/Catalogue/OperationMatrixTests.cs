using System.Net;
using Wisp.Api.Tests.Fuzz;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>Every operation succeeds, fails for an item, succeeds for one of two, and is refused as a whole, as the envelope has it for each.</summary>
public sealed class OperationMatrixTests
{
    public static TheoryData<string> All => [.. OperationCatalogue.All.Select(operation => operation.Id)];

    [Fact]
    public void Every_operation_has_its_cases() =>
        Assert.Equal(OperationCatalogue.All.Select(operation => operation.Id).Order(StringComparer.Ordinal), OperationCases.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_succeeds(string id)
    {
        var one = OperationCases.All[id];
        if (one.NoSuccess is { } why)
        {
            // What is carried out one day needs the case then.
            Assert.True(why.Length > 0 && (one.Operation.Support != SupportLevel.Works || one.Operation.Plane == OperationPlane.Wisp));
            return;
        }

        await using var furnished = await FurnishedApi.StartAsync();
        var answer = await SendAsync(furnished, one, one.Success());
        Assert.True(answer is { Status: HttpStatusCode.OK } && answer.Envelope == "success", answer.Body.GetRawText());
        if (one.Operation.Key is { } key && one.On is not null)
        {
            Assert.Single(answer.Items(key));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Its_item_fails(string id)
    {
        var one = OperationCases.All[id];
        if (one.NoItem is not null)
        {
            return;
        }

        await using var furnished = await FurnishedApi.StartAsync();
        var answer = await SendAsync(furnished, one, one.Failure());
        Answer.AssertFailed(answer.ItemFailure(one.Operation.Key!, one.Code, ""), one.Code, "");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_of_two_fails(string id)
    {
        var one = OperationCases.All[id];
        if ((one.NoPart ?? one.NoItem ?? one.NoSuccess) is not null)
        {
            return;
        }

        await using var furnished = await FurnishedApi.StartAsync();
        var answer = await SendAsync(furnished, one, one.Part());
        Assert.True((answer.Status, answer.Envelope, answer.Message) == (HttpStatusCode.OK, "partial_success", "Failed to perform some operations"), answer.Body.GetRawText());
        var items = answer.Items(one.Operation.Key!);
        Assert.Equal(2, items.Length);
        Assert.NotEqual("error", items[0].Text("status"));
        Answer.AssertFailed(items[1], one.Code, "");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_is_refused_as_a_whole(string id)
    {
        var one = OperationCases.All[id];
        await using var furnished = await FurnishedApi.StartAsync();
        var (path, body) = one.Refusal();
        // What reads no body has nothing malformed in it; it wants the token all the same.
        if (id is "healthz")
        {
            furnished.Api.Client.DefaultRequestHeaders.Authorization = null;
            (await furnished.SendAsync(one.Operation.Method, path, null)).Failure(HttpStatusCode.Unauthorized, "A token is missing.");
            return;
        }

        (await SendAsync(furnished, one, (path, body))).Failure(HttpStatusCode.BadRequest, "The request must be an object, not a number.");
    }

    private static async Task<Answer> SendAsync(FurnishedApi furnished, OperationCase one, (string Path, string? Body) request)
    {
        var answering = furnished.SendAsync(one.Operation.Method, request.Path, request.Body);
        await furnished.Api.Node.AdvanceUntilAsync(() => answering.IsCompleted, TimeSpan.Zero);
        var answer = await answering;
        EnvelopeRules.Check(answer);
        return answer;
    }
}
