using System.Text.RegularExpressions;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>The member <c>schedules</c> of instances (platform API, "Instance object and creation").</summary>
public sealed partial class ScheduleTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task They_are_answered_as_they_were_written_with_their_next_time()
    {
        await using var api = await TestApi.StartAsync();
        var made = await api.CreateAsync(
            """
            {"image": "hello", "schedules": [
              {"name": "up", "when": "Mon..Fri 8:00 Europe/Berlin", "action": "start"},
              {"name": "down", "when": "daily", "action": "stop", "next_at": "2020-01-01T00:00:00Z"},
              {"name": "save", "when": "*:0/30", "action": "checkpoint", "args": []},
              {"name": "end", "when": "2199-12-31", "action": "delete"}]}
            """);
        var schedules = made.GetProperty("schedules").EnumerateArray().ToArray();
        Assert.Equal(["up", "down", "save", "end"], schedules.Select(schedule => schedule.Text("name")));
        Assert.Equal(["start", "stop", "checkpoint", "delete"], schedules.Select(schedule => schedule.Text("action")));
        Assert.Equal("Mon..Fri 8:00 Europe/Berlin", schedules[0].Text("when"));
        Assert.All(schedules, schedule => Assert.Matches(Timestamp(), schedule.Text("next_at")));
        Assert.Equal("2199-12-31T00:00:00.000000Z", schedules[3].Text("next_at"));
        Assert.False((await api.CreateAsync("{\"image\": \"hello\"}")).Has("schedules"));
        Assert.False((await api.CreateAsync("{\"image\": \"hello\", \"schedules\": []}")).Has("schedules"));
    }

    [Theory]
    [InlineData("""{"name": "a", "when": "25:00", "action": "stop"}""", 7, "'25' does not fit: an hour is 0 to 23")]
    [InlineData("""{"name": "a", "when": "daily", "action": "exec", "args": ["/bin/true"]}""", 1, "'exec' of schedule 'a' is not supported")]
    [InlineData("""{"name": "a", "when": "daily", "action": "reboot"}""", 7, "'reboot' is not a valid 'action'")]
    [InlineData("""{"name": "a", "when": "2001-01-01", "action": "stop"}""", 7, "never comes")]
    [InlineData("""{"name": "a", "when": "*:*:*", "action": "stop"}""", 7, "more than once a minute")]
    [InlineData("""{"name": "a", "when": "daily", "action": "stop"}, {"name": "a", "when": "hourly", "action": "start"}""", 23, "two schedules with the name 'a'")]
    public async Task What_cannot_be_fails_its_item(string schedules, int code, string part)
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.PostAsync(Path, $$"""{"image": "hello", "schedules": [{{schedules}}]}""");
        var item = answer.Items("instances").Single();
        Assert.Equal(("error", code), (item.Text("status"), item.Number("error")));
        Assert.Contains(part, item.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync(Path)).Items("instances"));
    }

    [Theory]
    [InlineData("""[{"name": "a", "when": "daily"}]""", "needs a 'name', a 'when' and an 'action'")]
    [InlineData("""[{"name": "a", "when": "daily", "action": "stop", "often": true}]""", "Unknown member 'often'")]
    [InlineData("""["daily"]""", "must be an object")]
    [InlineData("""{"name": "a"}""", "'schedules' must be a list")]
    public async Task What_is_malformed_fails_the_request(string schedules, string part)
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.PostAsync(Path, $$"""{"image": "hello", "schedules": {{schedules}}}""");
        Assert.Contains(part, answer.Message, StringComparison.Ordinal);
        Assert.NotEqual("success", answer.Envelope);
        Assert.Empty((await api.GetAsync(Path)).Items("instances"));
    }

    [Fact]
    public async Task They_can_be_changed()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"name": "web", "image": "hello", "schedules": [{"name": "a", "when": "daily", "action": "stop"}]}""");
        await ChangeAsync("""{"prop": "schedules", "op": "add", "value": [{"name": "b", "when": "hourly", "action": "start"}]}""");
        Assert.Equal(["a", "b"], await NamesAsync());
        await ChangeAsync("""{"prop": "schedules", "op": "del", "value": ["a"]}""");
        Assert.Equal(["b"], await NamesAsync());
        await ChangeAsync("""{"prop": "schedules", "op": "set", "value": [{"name": "c", "when": "weekly", "action": "checkpoint"}, {"name": "d", "when": "yearly", "action": "delete"}]}""");
        Assert.Equal(["c", "d"], await NamesAsync());
        await ChangeAsync("""{"prop": "schedules", "op": "del"}""");
        Assert.Empty(await NamesAsync());

        var refused = await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "schedules", "op": "set", "value": [{"name": "c", "when": "x", "action": "stop"}]}""");
        Assert.Equal(7, refused.Items("instances").Single().Number("error"));

        async Task ChangeAsync(string change) => (await api.SendAsync(HttpMethod.Patch, Path, change.Replace("{\"prop\"", "{\"name\": \"web\", \"prop\"", StringComparison.Ordinal))).Success();

        async Task<string[]> NamesAsync()
        {
            var web = (await api.GetAsync($"{Path}?name=web")).Items("instances").Single();
            return web.Has("schedules") ? [.. web.GetProperty("schedules").EnumerateArray().Select(schedule => schedule.Text("name")!)] : [];
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", RegexOptions.NonBacktracking)]
    private static partial Regex Timestamp();
}
