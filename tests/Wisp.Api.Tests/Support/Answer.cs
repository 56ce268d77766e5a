using System.Net;
using System.Text.Json;

namespace Wisp.Api.Tests.Support;

/// <summary>An answer of the API. Reading one checks what holds for every one of them: JSON, in an envelope.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)
{
    public string Envelope => Body.GetProperty("status").GetString()!;

    public string? Message => Body.TryGetProperty("message", out var message) ? message.GetString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(JsonValueKind.Object, body.ValueKind);
        Assert.Contains(body.GetProperty("status").GetString(), (string[])["success", "error", "partial_success"]);
        Assert.True(body.GetProperty("op_time_us").GetInt64() >= 0);
        Assert.Empty(body.EnumerateObject().Select(member => member.Name).Except(["status", "message", "data", "errors", "op_time_us"], StringComparer.Ordinal));
        Assert.DoesNotContain(":null", text, StringComparison.Ordinal);
        return new Answer(response.StatusCode, body, response);
    }

    /// <summary>The list of the answer, which is all that is in its data.</summary>
    public JsonElement[] Items(string key)
    {
        var member = Assert.Single(Body.GetProperty("data").EnumerateObject());
        Assert.Equal(key, member.Name);
        return [.. member.Value.EnumerateArray()];
    }

    public Answer Success()
    {
        Assert.True(Status == HttpStatusCode.OK && Envelope == "success", Body.GetRawText());
        Assert.False(Body.TryGetProperty("message", out _));
        Assert.False(Body.TryGetProperty("errors", out _));
        return this;
    }

    /// <summary>The request as a whole failed.</summary>
    public Answer Failure(HttpStatusCode status, string message)
    {
        Assert.Equal((status, "error"), (Status, Envelope));
        Assert.Equal((int)status, Assert.Single(Body.GetProperty("errors").EnumerateArray()).GetProperty("status").GetInt32());
        Assert.False(Body.TryGetProperty("data", out _));
        Assert.StartsWith(message, Message, StringComparison.Ordinal);
        return this;
    }

    /// <summary>The one item of the request failed; that is still 200.</summary>
    public JsonElement ItemFailure(string key, int error, string message)
    {
        Assert.True(Status == HttpStatusCode.OK && Envelope == "error", Body.GetRawText());
        Assert.Equal("Failed to perform all operations", Message);
        var item = Assert.Single(Items(key));
        AssertFailed(item, error, message);
        return item;
    }

    public static void AssertFailed(JsonElement item, int error, string message)
    {
        Assert.Equal(("error", error), (item.Text("status"), item.GetProperty("error").GetInt32()));
        Assert.StartsWith(message, item.Text("message"), StringComparison.Ordinal);
    }
}
