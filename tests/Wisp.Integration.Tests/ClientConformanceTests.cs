using Wisp.Contracts.Operations;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>
/// The published client works unmodified: every method that it has is called against a real server with real machines, and each
/// answer is what the platform API says.
/// </summary>
public sealed class ClientConformanceTests(JavaScriptClient client) : IClassFixture<JavaScriptClient>
{
    public static TheoryData<string> Operations => [.. OperationCatalogue.All.Where(operation => operation.Plane != OperationPlane.Wisp).Select(operation => operation.Id)];

    [Fact]
    public void Every_check_holds()
    {
        Assert.Null(client.Trouble);
        foreach (var outcome in client.Outcomes)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{(outcome.Ok ? "pass" : "FAIL")} {outcome.Check}: {string.Join(", ", outcome.Calls)}{(outcome.Ok ? "" : $"\n     {outcome.Why}")}");
        }

        Assert.NotEmpty(client.Outcomes);
        Assert.Empty(client.Outcomes.Where(outcome => !outcome.Ok).Select(outcome => $"{outcome.Check}: {outcome.Why}"));
    }

    /// <summary>The client names its methods after the operations' ids.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_is_called_by_a_check_that_holds(string id) => Assert.Contains(
        client.Outcomes, outcome => outcome.Ok && outcome.Calls.Any(call => call.EndsWith("Api." + id, StringComparison.Ordinal)));

    [Fact]
    public void Every_method_of_the_clients_own_layer_is_called_by_a_check_that_holds()
    {
        var own = client.Outcomes.SelectMany(outcome => outcome.Calls).Where(call => !call.Contains("Api.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.True(own.Count > 80, string.Join(' ', own));
        Assert.Empty(own.Except(client.Outcomes.Where(outcome => outcome.Ok).SelectMany(outcome => outcome.Calls), StringComparer.Ordinal));
    }
}
