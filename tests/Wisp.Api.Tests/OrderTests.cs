using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>The members <c>dependencies</c> and <c>sched_priority</c> of instances (platform API, "Instance object and creation").</summary>
public sealed class OrderTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task Dependencies_are_answered_with_uuid_and_name_and_changed()
    {
        await using var api = await TestApi.StartAsync();
        var db = (await api.CreateAsync("""{"image": "hello", "name": "db"}""")).Text("uuid");
        await api.CreateAsync("""{"image": "hello", "name": "cache"}""");
        var web = await api.CreateAsync($$"""{"image": "hello", "name": "web", "dependencies": [{"name": "db"}, {"uuid": "{{db}}"}]}""");
        Assert.Equal($$"""[{"uuid":"{{db}}","name":"db"}]""", web.GetProperty("dependencies").GetRawText());
        Assert.False((await api.CreateAsync("""{"image": "hello", "dependencies": []}""")).Has("dependencies"));

        Assert.Equal("db,cache", await ChangeAsync(api, """ "op": "add", "value": {"name": "cache"} """));
        Assert.Equal("cache", await ChangeAsync(api, $$""" "op": "del", "value": [{"uuid": "{{db}}"}] """));
        Assert.Equal("db", await ChangeAsync(api, """ "op": "set", "value": [{"name": "db"}] """));
        Assert.Equal("", await ChangeAsync(api, """ "op": "del" """));
    }

    [Theory]
    [InlineData("""{"image": "hello", "dependencies": [{"name": "nothing"}]}""", 8, "No instance with name 'nothing'")]
    [InlineData("""{"image": "hello", "sched_priority": "highest"}""", 7, "'highest' is not a valid 'sched_priority'.")]
    [InlineData("""{"image": "hello", "sched_priority": "high", "schedprio_policy": "high"}""", 17, "'sched_priority' or 'schedprio_policy', not both")]
    public async Task What_cannot_be_fails_its_item(string body, int code, string part)
    {
        await using var api = await TestApi.StartAsync();
        var item = (await api.PostAsync(Path, body)).Items("instances").Single();
        Assert.Equal(("error", code), (item.Text("status"), (int)item.Number("error")));
        Assert.Contains(part, item.Text("message"), StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync(Path)).Items("instances"));
    }

    [Theory]
    [InlineData("""{"name": "web", "prop": "dependencies", "op": "set", "value": ["db"]}""", 7, "must be a list of instances")]
    [InlineData("""{"name": "web", "prop": "dependencies", "op": "add"}""", 7, "must be a list of instances")]
    [InlineData("""{"name": "web", "prop": "dependencies", "op": "add", "value": [{"name": "web"}]}""", 7, "web -> web is a circle")]
    [InlineData("""{"name": "web", "prop": "sched_priority", "op": "set", "value": 1}""", 7, "must be a string")]
    [InlineData("""{"name": "web", "prop": "sched_priority", "op": "add", "value": "high"}""", 7, "has no 'op' add")]
    public async Task A_change_that_cannot_be_fails_its_item(string change, int code, string part)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"image": "hello", "name": "web"}""");
        var item = (await api.SendAsync(HttpMethod.Patch, Path, change)).Items("instances").Single();
        Assert.Equal(("error", code), (item.Text("status"), (int)item.Number("error")));
        Assert.Contains(part, item.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_priority_is_normal_until_it_is_given_also_by_its_older_name()
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal("normal", (await api.CreateAsync("""{"image": "hello"}""")).Text("sched_priority"));
        Assert.Equal("admin", (await api.CreateAsync("""{"image": "hello", "schedprio_policy": "admin"}""")).Text("sched_priority"));
        Assert.Equal("medium", (await api.CreateAsync("""{"image": "hello", "name": "web", "sched_priority": "medium"}""")).Text("sched_priority"));
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "sched_priority", "op": "set", "value": "high"}""")).Success();
        Assert.Equal("high", (await FindAsync(api)).Text("sched_priority"));
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "sched_priority", "op": "del"}""")).Success();
        Assert.Equal("normal", (await FindAsync(api)).Text("sched_priority"));
    }

    [Fact]
    public async Task A_token_that_may_write_gives_no_high_priority()
    {
        await using var api = await TestApi.StartAsync();
        using var writer = await api.AccountAsync("writer");
        var made = await writer.SendAsync("POST", Path, """{"image": "hello", "sched_priority": "high"}""");
        Answer.AssertFailed(made.Items("instances").Single(), 14, "This token may not do that: 'sched_priority' high needs the role 'admin'.");
        (await writer.SendAsync("POST", Path, """{"image": "hello", "name": "web", "sched_priority": "medium"}""")).Success();
        var changed = await writer.SendAsync("PATCH", Path, """{"name": "web", "prop": "sched_priority", "op": "set", "value": "admin"}""");
        Answer.AssertFailed(changed.Items("instances").Single(), 14, "This token may not do that: 'sched_priority' admin needs the role 'admin'.");
    }

    private static async Task<string> ChangeAsync(TestApi api, string change)
    {
        (await api.SendAsync(HttpMethod.Patch, Path, $$"""{"name": "web", "prop": "dependencies", {{change}}}""")).Success();
        return (await FindAsync(api)) is var now && now.Has("dependencies") ? string.Join(',', now.GetProperty("dependencies").EnumerateArray().Names()) : "";
    }

    private static async Task<System.Text.Json.JsonElement> FindAsync(TestApi api) => (await api.GetAsync(Path + "?name=web")).Items("instances").Single();
}
