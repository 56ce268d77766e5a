using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>What holds for every answer in an envelope (platform API, "Envelope" and "Item error codes").</summary>
internal static class EnvelopeRules
{
    // Of the whole-request failures; the last three are what HTTP itself refuses.
    private static readonly int[] Refusals = [400, 401, 403, 404, 405, 413, 429, 408, 414, 431];

    private const int LargestCode = 30;

    public static void Check(Answer answer)
    {
        var body = answer.Body;
        var text = body.GetRawText();
        if (answer.Status != HttpStatusCode.OK)
        {
            Assert.True(Refusals.Contains((int)answer.Status), $"{(int)answer.Status}: {text}");
            Assert.Equal("error", answer.Envelope);
            Assert.Equal((int)answer.Status, Assert.Single(body.GetProperty("errors").EnumerateArray()).GetProperty("status").GetInt32());
            Assert.False(string.IsNullOrWhiteSpace(answer.Message), text);
            Assert.False(body.TryGetProperty("data", out _), text);
            return;
        }

        Assert.False(body.TryGetProperty("errors", out _), text);
        var data = body.GetProperty("data");
        if (data.EnumerateObject().Count() != 1 || data.EnumerateObject().Single().Value is not { ValueKind: JsonValueKind.Array } list)
        {
            Assert.Equal("success", answer.Envelope);
            return;
        }

        var items = list.EnumerateArray().ToArray();
        var failed = items.Count(item => item.ValueKind == JsonValueKind.Object && item.Text("status") == "error");
        Assert.Equal(failed == 0 ? "success" : failed == items.Length ? "error" : "partial_success", answer.Envelope);
        Assert.Equal(failed > 0, answer.Message is not null);
        foreach (var item in items.Where(item => item.ValueKind == JsonValueKind.Object && item.Text("status") == "error"))
        {
            Assert.InRange(item.GetProperty("error").GetInt32(), 0, LargestCode);
            Assert.False(string.IsNullOrWhiteSpace(item.Text("message")), text);
        }
    }
}
