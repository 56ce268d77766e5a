using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>Templates, checkpoints, branches, histories (platform API, "Snapshots, templates, checkpoints, branching").</summary>
public sealed class FrozenTests
{
    private const string Instances = "/v1/instances";
    private const string Templates = "/v1/instances/templates";
    private const string Checkpoints = "/v1/instances/checkpoints";
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Theory]
    [InlineData("")]
    [InlineData("/create")]
    public async Task A_template_keeps_name_and_uuid_and_is_no_instance(string alias)
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        var made = (await api.PostAsync(Templates + alias, """[{"name": "web", "timeout_s": 5, "autokill": {"time_ms": 60000}}]""")).Success().Items("instances").Single();
        Assert.Equal((uuid, "web", "template"), (made.Text("uuid"), made.Text("name"), made.Text("state")));
        Assert.Empty((await api.GetAsync(Instances)).Success().Items("instances"));
        (await api.GetAsync($"{Instances}/{uuid}")).ItemFailure("instances", 8, $"No instance with uuid '{uuid}'");
        var template = (await api.GetAsync($"{Templates}/{uuid}")).Success().Items("instances").Single();
        Assert.Equal(("template", 60000, 128), (template.Text("state"), template.GetProperty("template_autokill").Number("time_ms"), template.Number("memory_mb")));
        Assert.True(Guid.TryParse(template.GetProperty("snapshot").Text("uuid"), out _));
        Assert.False(template.Has("service_group") || template.Has("network_interfaces") || template.Has("private_fqdn") || template.Has("delete_lock"));
        Assert.Empty((await api.GetAsync(Checkpoints)).Success().Items("instances"));
    }

    [Fact]
    public async Task Clones_are_made_of_it_as_many_as_are_wanted()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        (await api.PostAsync(Templates, """{"name": "web"}""")).Success();
        var made = (await api.PostAsync(Instances, """{"template": {"name": "web"}, "name": "c", "replicas": 4, "autostart": true, "timeout_s": -1}""")).Success().Items("instances");
        Assert.Equal(5, made.Length);
        Assert.All(made, clone => Assert.Equal("running", clone.Text("state")));
        (await api.PostAsync(Instances, """{"template": {"name": "web"}, "image": "hello"}"""))
            .ItemFailure("instances", 17, "Cannot specify 'image' when creating an instance from a template");
        (await api.PostAsync(Instances, """{"template": {"name": "web"}, "branch_from": {"name": "c"}}"""))
            .ItemFailure("instances", 17, "Cannot specify 'branch_from' when creating an instance from a template");
        (await api.PostAsync(Instances, """{"template": {"name": "nobody"}}""")).ItemFailure("instances", 8, "No template with name 'nobody'");
        (await api.PostAsync(Instances, """{"template": {"name": "web", "uuid": "x"}}""")).ItemFailure("instances", 17, "Give 'uuid' or 'name', not both.");
        (await api.PostAsync(Instances, """{"template": {"name": "web", "colour": 1}}""")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    [Fact]
    public async Task A_template_on_demand_is_made_once()
    {
        await using var api = await TestApi.StartAsync();
        const string Body = """
            {"template": {"create_args": {"image": "hello", "env": {"A": "b"}}, "prepare": true, "prepare_timeout_s": 30, "autokill": {"time_ms": 3600000}},
             "service_group": {"services": [{"port": PORT, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}]}, "autostart": true, "timeout_s": 10}
            """;
        (await api.PostAsync(Instances, Body.Replace("PORT", "8081", StringComparison.Ordinal))).Success();
        (await api.PostAsync(Instances, Body.Replace("PORT", "8082", StringComparison.Ordinal))).Success();
        var template = Assert.Single((await api.GetAsync(Templates)).Success().Items("instances"));
        Assert.Equal((3600000, "b"), (template.GetProperty("template_autokill").Number("time_ms"), template.GetProperty("env").Text("A")));
        (await api.PostAsync(Instances, """{"template": {"create_args": {"image": "hello", "name": "x"}}}""")).ItemFailure("instances", 17, "Cannot specify 'name' in 'create_args'");
        (await api.PostAsync(Instances, """{"template": {"prepare": true, "name": "x"}}""")).ItemFailure("instances", 7, "'prepare', 'prepare_timeout_s' and 'autokill' of a template need 'create_args'.");
        (await api.PostAsync(Instances, """{"template": {"create_args": {"image": "hello", "colour": 1}}}""")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    [Fact]
    public async Task A_checkpoint_is_starting_and_then_done()
    {
        await using var api = await TestApi.StartAsync();
        var source = await RunAsync(api);
        var waited = (await api.PostAsync(Checkpoints, """{"from": {"name": "web"}, "name": "one", "timeout_s": 30, "tags": ["a"], "autokill": {"time_ms": 1000}}""")).Success().Items("instances").Single();
        Assert.Equal(("one", "checkpoint"), (waited.Text("name"), waited.Text("state")));
        var item = (await api.GetAsync(Checkpoints + "?tags=a")).Success().Items("instances").Single();
        Assert.Equal((1000, "checkpoint"), (item.GetProperty("checkpoint_autokill").Number("time_ms"), item.Text("state")));
        var hold = api.Node.Machine.HoldCapture = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = (await api.PostAsync(Checkpoints, $$"""[{"from": {"uuid": "{{source}}"}, "name": "two"}]""")).Success().Items("instances").Single();
        Assert.Equal("starting", begun.Text("state"));
        hold.SetResult();
        await api.Node.UntilAsync(() => api.Node.Frozen.List(Platform.Frozen.FrozenKind.Checkpoint).All(made => made.State == InstanceState.Checkpoint));
        (await api.PostAsync(Checkpoints, """{"from": {"name": "web"}, "name": "one", "timeout_s": 30}""")).ItemFailure("instances", 23, "A checkpoint with the name 'one' already exists");
        (await api.PostAsync(Checkpoints, """{"name": "three"}""")).ItemFailure("instances", 13, "The request names no instance.");
        (await api.PostAsync(Checkpoints)).Failure(HttpStatusCode.BadRequest, "The request has no body.");
        (await api.PostAsync(Checkpoints, """{"from": {"name": "web"}, "colour": 1}""")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    [Fact]
    public async Task A_rewind_is_a_creation_from_it_and_the_history_says_so()
    {
        await using var api = await TestApi.StartAsync();
        var source = await RunAsync(api);
        await CheckpointAsync(api, "one");
        await CheckpointAsync(api, "two");
        var made = await api.CreateAsync("""{"checkpoint": {"name": "one"}, "name": "again", "autostart": true, "timeout_s": -1}""");
        Assert.Equal(["two", "one"], await HistoryAsync(api, $"{Instances}/{source}/history"));
        Assert.Equal(["one"], await HistoryAsync(api, $"{Instances}/history?uuid={made.Text("uuid")}"));
        Assert.Equal(["one"], await HistoryAsync(api, Checkpoints + "/history?name=two"));
        (await api.GetAsync($"{Checkpoints}/{Absent}/history")).ItemFailure("instances", 8, $"No checkpoint with uuid '{Absent}'");
        (await api.PostAsync(Instances, """{"checkpoint": {"name": "one"}, "args": ["x"]}""")).ItemFailure("instances", 17, "Cannot specify 'args' when creating an instance from a checkpoint");
    }

    [Fact]
    public async Task A_branch_goes_on_beside_its_source()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        var branch = await api.CreateAsync("""{"branch_from": {"name": "web"}, "name": "branch", "autostart": true, "timeout_s": -1}""");
        Assert.Equal("running", branch.Text("state"));
        Assert.True(branch.Has("snapshot"));
        (await api.PostAsync(Instances, """{"branch_from": {"name": "web"}, "image": "hello"}""")).ItemFailure("instances", 17, "Cannot specify 'image' when 'branch_from' is set");
        (await api.PostAsync(Instances, """{"branch_from": {"name": "web"}, "memory_mb": 64}""")).ItemFailure("instances", 17, "Cannot specify 'memory_mb' when branching from an existing instance");
    }

    [Theory]
    [InlineData(Templates)]
    [InlineData(Checkpoints)]
    [InlineData(Instances)]
    public async Task Properties_are_changed_one_after_the_other(string path)
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        await FreezeAsync(api, path);
        var items = (await api.SendAsync(
            HttpMethod.Patch, path,
            """
            [{"name": "web", "id": "1", "prop": "tags", "op": "set", "value": ["a", "b"]}, {"name": "web", "prop": "tags", "op": "add", "value": ["c"]},
             {"name": "web", "prop": "tags", "op": "del", "value": ["a"]}, {"name": "web", "prop": "delete_lock", "op": "set", "value": true},
             {"name": "web", "prop": "autokill", "op": "set", "value": {"time_ms": 5000}}]
            """)).Success().Items("instances");
        Assert.Equal(("1", "web"), (items[0].Text("id"), items[0].Text("name")));
        var now = (await api.GetAsync(path + "?name=web")).Success().Items("instances").Single();
        Assert.Equal(["b", "c"], now.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        Assert.True(now.GetProperty("delete_lock").GetBoolean());
        var uuid = now.Text("uuid");
        (await api.DeleteAsync($"{path}/{uuid}")).ItemFailure("instances", 14, "Deletion protection enabled");
        (await api.SendAsync(HttpMethod.Patch, $"{path}/{uuid}", """{"prop": "delete_lock", "op": "del"}""")).Success();
        (await api.SendAsync(HttpMethod.Patch, $"{path}/{uuid}", """{"prop": "tags", "op": "del"}""")).Success();
        Assert.False((await api.GetAsync($"{path}/{uuid}")).Success().Items("instances").Single().Has("tags"));
        Assert.Equal(uuid, (await api.DeleteAsync($"{path}/{uuid}")).Success().Items("instances").Single().Text("uuid"));
        (await api.DeleteAsync($"{path}/{uuid}")).ItemFailure("instances", 8, "No ");
    }

    [Theory]
    [InlineData("""{"name": "web", "prop": "image", "op": "set", "value": "x"}""", 1, "Changing 'image' is not supported.")]
    [InlineData("""{"name": "web", "prop": "colour", "op": "set", "value": "x"}""", 7, "'colour' is not a property that can be changed.")]
    [InlineData("""{"name": "web", "prop": "tags", "op": "put", "value": []}""", 7, "'put' is not a valid 'op'.")]
    [InlineData("""{"name": "web", "prop": "tags", "op": "set", "value": 1}""", 7, "The 'value' of 'tags' must be a list of strings.")]
    [InlineData("""{"name": "web", "prop": "tags", "op": "set", "value": ["ü"]}""", 7, "Invalid tag 'ü'.")]
    [InlineData("""{"name": "web", "prop": "delete_lock", "op": "set", "value": "on"}""", 7, "The 'value' of 'delete_lock' must be true or false.")]
    [InlineData("""{"name": "web", "prop": "delete_lock", "op": "add", "value": true}""", 7, "'delete_lock' has no 'op' add.")]
    [InlineData("""{"name": "web", "prop": "autokill", "op": "set", "value": {"time_ms": -5}}""", 7, "Value of 'time_ms' must be in the range 0 to 31536000000")]
    [InlineData("""{"name": "nobody", "prop": "tags", "op": "del"}""", 8, "No template with name 'nobody'")]
    public async Task A_change_that_cannot_be_fails_its_item(string body, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        await FreezeAsync(api, Templates);
        (await api.SendAsync(HttpMethod.Patch, Templates, body)).ItemFailure("instances", error, message);
        (await api.SendAsync(HttpMethod.Patch, Templates, body.Replace("{\"name\"", "{\"unheard\": 1, \"name\"", StringComparison.Ordinal))).Failure(HttpStatusCode.BadRequest, "Unknown member 'unheard'");
    }

    [Fact]
    public async Task Several_have_each_its_own_fate()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        var templates = await api.PostAsync(Templates, """[{"name": "web"}, {"name": "nobody"}]""");
        Assert.Equal("partial_success", templates.Envelope);
        Assert.Equal("success", templates.Items("instances")[0].Text("status"));
        Answer.AssertFailed(templates.Items("instances")[1], 8, "No instance with name 'nobody'");
        var deleted = await api.DeleteAsync(Templates, """[{"name": "web"}, {"uuid": "web"}]""");
        Assert.Equal("partial_success", deleted.Envelope);
        Answer.AssertFailed(deleted.Items("instances")[1], 7, "Invalid uuid 'web'");
        (await api.PostAsync(Templates)).Failure(HttpStatusCode.BadRequest, "The request has no body.");
        (await api.DeleteAsync(Templates)).Failure(HttpStatusCode.BadRequest, "The request names no resource.");
        (await api.PutAsync(Templates)).Failure(HttpStatusCode.MethodNotAllowed, "PUT does not go with /v1/instances/templates.");
    }

    [Fact]
    public async Task Snapshots_are_listed_with_who_needs_them_and_collected_when_nobody_does()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        await FreezeAsync(api, Templates);
        var listed = (await api.GetAsync("/v1/snapshots")).Success().Items("snapshots");
        var template = listed.Single(item => item.Text("kind") == "template");
        Assert.Equal(["template web"], template.GetProperty("users").EnumerateArray().Select(user => user.GetString()!));
        Assert.Contains(template.Text("copies_by"), (string[])["copy", "reflink"]);
        Assert.True(template.Number("own_bytes") > 0);
        Assert.Equal("web", template.Text("source"));
        (await api.GetAsync($"/v1/snapshots/{template.Text("uuid")}")).Success();
        (await api.GetAsync($"/v1/snapshots/{Absent}")).ItemFailure("snapshots", 8, $"No snapshot with uuid '{Absent}'");
        (await api.GetAsync("/v1/snapshots?name=x")).ItemFailure("snapshots", 13, "A snapshot has a uuid and no name.");
        Assert.Empty((await api.PostAsync("/v1/snapshots/gc")).Success().Items("snapshots"));
        (await api.PostAsync("/v1/snapshots/gc", """{"colour": 1}""")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    private static async Task<string> RunAsync(TestApi api)
    {
        var made = await api.CreateAsync(
            """
            {"name": "web", "image": "hello", "autostart": true, "timeout_s": -1, "scale_to_zero": {"policy": "on", "stateful": true},
             "service_group": {"services": [{"port": 8080, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}]}}
            """);
        return made.Text("uuid")!;
    }

    private static async Task CheckpointAsync(TestApi api, string name) =>
        (await api.PostAsync(Checkpoints, $$"""{"from": {"name": "web"}, "name": "{{name}}", "timeout_s": -1}""")).Success();

    private static async Task FreezeAsync(TestApi api, string path)
    {
        if (path == Templates)
        {
            (await api.PostAsync(Templates, """{"name": "web"}""")).Success();
        }
        else if (path == Checkpoints)
        {
            await CheckpointAsync(api, "web");
        }
    }

    private static async Task<IReadOnlyList<string>> HistoryAsync(TestApi api, string path) =>
        [.. (await api.GetAsync(path)).Success().Items("instances").Single().GetProperty("history").EnumerateArray().Select(Name)];

    private static string Name(JsonElement ancestor)
    {
        Assert.True(Guid.TryParse(ancestor.Text("uuid"), out _));
        Assert.EndsWith("Z", ancestor.Text("created_at"), StringComparison.Ordinal);
        return ancestor.Text("name")!;
    }
}
