using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Audit;

/// <summary>The audit stream (platform API, "Audit stream").</summary>
public sealed class AuditTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_is_told_in_order_and_to_its_own_account_only()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var own = await AuditReader.OpenAsync(client.Http, "");
        using var owner = await AuditReader.OpenAsync(api.Client, "");
        (await client.SendAsync("POST", "/v1/instances", """{"image": "hello", "name": "web", "autostart": true, "timeout_s": -1, "tags": ["a"]}""")).Success();
        await api.CreateAsync("""{"image": "hello", "name": "mine", "autostart": true, "timeout_s": -1}""");
        Assert.Equal("vm.create", (await own.NextAsync()).Event);
        var starting = await own.NextAsync();
        var running = await own.NextAsync();
        Assert.Equal(("vm.state_change", "web", "starting", "stopped"), (starting.Event, starting.Data.Text("name"), starting.Data.Text("state"), starting.Data.Text("previous_state")));
        Assert.Equal(("running", "starting", "a"), (running.Data.Text("state"), running.Data.Text("previous_state"), running.Data.GetProperty("tags")[0].GetString()));
        Assert.True(running.Id > starting.Id);
        Assert.Equal("mine", (await owner.NextAsync()).Data.Text("name"));
    }

    [Fact]
    public async Task What_is_made_and_annotated_is_told()
    {
        await using var api = await TestApi.StartAsync();
        using var reader = await AuditReader.OpenAsync(api.Client, "?events=vm.create,vm.annotate");
        var made = await api.CreateAsync("""{"image": "hello", "name": "web", "replicas": 0, "tags": ["a"], "annotations": {"team": "red", "old": "x"}}""");
        var created = await reader.NextAsync();
        Assert.Equal(("vm.create", made.Text("uuid"), "web", "stopped"), (created.Event, created.Data.Text("uuid"), created.Data.Text("name"), created.Data.Text("state")));
        Assert.Equal("a", created.Data.GetProperty("tags")[0].GetString());
        (await api.PostAsync("/v1/instances/checkpoints", """{"from": {"name": "web"}, "name": "point", "timeout_s": -1}""")).Success();
        var frozen = await reader.NextAsync();
        Assert.Equal(("vm.create", "point", "checkpoint"), (frozen.Event, frozen.Data.Text("name"), frozen.Data.Text("state")));
        (await api.SendAsync(HttpMethod.Patch, "/v1/instances", """[{"name": "web", "prop": "annotations", "op": "set", "value": {"team": "red", "owner": "ada"}}]""")).Success();
        var annotated = await reader.NextAsync();
        Assert.Equal(("vm.annotate", "web", "Set: owner. Removed: old."), (annotated.Event, annotated.Data.Text("name"), annotated.Data.Text("message")));
        // One that changes nothing is no news.
        (await api.SendAsync(HttpMethod.Patch, "/v1/instances", """[{"name": "web", "prop": "annotations", "op": "set", "value": {"team": "red", "owner": "ada"}}]""")).Success();
        (await api.SendAsync(HttpMethod.Patch, "/v1/instances", """[{"name": "web", "prop": "annotations", "op": "del"}]""")).Success();
        Assert.Equal("Removed: team, owner.", (await reader.NextAsync()).Data.Text("message"));
    }

    [Fact]
    public async Task What_is_done_to_users_and_tokens_is_told_to_them_and_to_administrators_and_never_a_secret()
    {
        await using var api = await TestApi.StartAsync();
        using var plain = await api.AccountAsync("default", "read");
        using var client = await api.AccountAsync("acme");
        using var own = await AuditReader.OpenAsync(client.Http, "");
        using var owner = await AuditReader.OpenAsync(api.Client, "");
        using var bystander = await AuditReader.OpenAsync(plain.Http, "");
        (await api.SendAsync(HttpMethod.Patch, "/v1/users", """[{"name": "acme", "prop": "instances", "op": "set", "value": 3}]""")).Success();
        var made = (await api.PostAsync("/v1/users/tokens", """{"name": "acme", "role": "admin", "label": "ops"}""")).Success().Items("tokens").Single();
        using var admin = new AccountClient(api.Endpoint, made.Text("token")!, made.Text("id")!);
        (await admin.SendAsync("POST", "/v1/users", """{"name": "late"}""")).Success();
        (await admin.SendAsync("DELETE", "/v1/users", """{"name": "late"}""")).Success();
        (await api.DeleteAsync("/v1/users/tokens", $$"""[{"id": "{{admin.Id}}"}]""")).Success();
        var heard = new List<string>();
        foreach (var (reader, count) in ((AuditReader, int)[])[(own, 3), (owner, 5)])
        {
            for (var turn = 0; turn < count; turn++)
            {
                var (name, _, data) = await reader.NextAsync();
                Assert.DoesNotContain(made.Text("token")!, data.GetRawText(), StringComparison.Ordinal);
                heard.Add($"{name} {data.Text("name")} {data.Text("message")} {(data.Text("token") == admin.Id ? "it" : data.Text("token"))} {(data.Text("by") == admin.Id ? "it" : data.Text("by"))}".TrimEnd());
            }
        }

        string[] about = ["user.limit acme Limits: instances 3.", "token.create acme Role: admin. it", "token.revoke acme  it"];
        Assert.Equal([.. about, about[0], about[1], "user.create late No limits.  it", "user.delete late   it", about[2]], heard);
        // Who is no administrator hears of what is of that account only.
        await api.CreateAsync("""{"image": "hello", "name": "web"}""");
        Assert.Equal("vm.create", (await bystander.NextAsync()).Event);
    }

    [Fact]
    public async Task Who_was_away_goes_on_after_what_was_heard_last()
    {
        await using var api = await TestApi.StartAsync();
        long heard;
        using (var first = await AuditReader.OpenAsync(api.Client, ""))
        {
            await api.CreateAsync("""{"image": "hello", "name": "web", "autostart": true, "timeout_s": -1}""");
            heard = (await first.NextAsync()).Id;
        }

        (await api.PutAsync("/v1/instances/stop", """[{"name": "web", "force": true}]""")).Success();
        using var again = await AuditReader.OpenAsync(api.Client, "", heard.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("starting", (await again.NextAsync()).Data.Text("state"));
    }

    [Fact]
    public async Task Who_was_away_for_too_long_hears_of_the_gap()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"image": "hello", "name": "web"}""");
        for (var count = 0; count < 300; count++)
        {
            (await api.PutAsync("/v1/instances/start", """[{"name": "web", "timeout_s": -1}]""")).Success();
            (await api.PutAsync("/v1/instances/stop", """[{"name": "web", "force": true}]""")).Success();
            await api.Node.UntilAsync("web", Platform.Instances.InstanceState.Stopped);
        }

        using var late = await AuditReader.OpenAsync(api.Client, "", "1");
        var first = await late.NextAsync();
        Assert.Equal(("gap", 0), (first.Event, first.Id));
    }

    [Theory]
    [InlineData("?events=vm.start_failed", "vm.start_failed")]
    [InlineData("?events=vm.start_failed,gap", "vm.start_failed")]
    [InlineData("?tags=a", "vm.create")]
    public async Task Only_what_is_wanted_is_told(string query, string expected)
    {
        await using var api = await TestApi.StartAsync();
        using var reader = await AuditReader.OpenAsync(api.Client, query);
        await api.CreateAsync("""{"image": "hello", "name": "other", "autostart": true, "timeout_s": -1}""");
        api.Node.Engine.Refuse = new WispError(ErrorCode.OperationFailed, "No room.");
        await api.PostAsync("/v1/instances", """{"image": "hello", "name": "web", "args": ["another boot"], "tags": ["a"], "autostart": true, "timeout_s": -1}""");
        var heard = await reader.NextAsync();
        Assert.Equal((expected, "web"), (heard.Event, heard.Data.Text("name")));
    }

    [Theory]
    [InlineData("?events=vm.nothing", "'vm.nothing' is not an event.")]
    [InlineData("?uuid=web", "Invalid uuid 'web'")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync("/v1/audit" + query)).Failure(HttpStatusCode.BadRequest, message);
    }

    [Fact]
    public async Task Silence_has_a_heartbeat_and_a_token_that_is_revoked_hears_no_more()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var reader = await AuditReader.OpenAsync(client.Http, "");
        var beat = reader.CommentAsync();
        await api.Node.AdvanceUntilAsync(() => beat.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Equal(": heartbeat", await beat);
        (await api.DeleteAsync("/v1/users/tokens", $$"""[{"id": "{{client.Id}}"}]""")).Success();
        var end = reader.EndAsync();
        await api.Node.AdvanceUntilAsync(() => end.IsCompleted, TimeSpan.FromSeconds(1));
        await end;
    }

    [Fact]
    public async Task So_many_follow_at_once_and_no_more()
    {
        await using var api = await TestApi.StartAsync();
        var readers = new List<AuditReader>();
        for (var count = 0; count < 64; count++)
        {
            readers.Add(await AuditReader.OpenAsync(api.Client, ""));
        }

        var refused = (await api.GetAsync("/v1/audit")).Failure(HttpStatusCode.TooManyRequests, "64 follow the audit stream already.");
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        readers.ForEach(reader => reader.Dispose());
        var trail = api.Node.Rooms.Audit;
        await api.Node.UntilAsync(() => !trail.Follow().Failed(out _, out var place) && Free(place));
    }

    private static bool Free(IDisposable place)
    {
        place.Dispose();
        return true;
    }
}
