using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>Changes of properties of instances (platform API, "Mutable properties").</summary>
public sealed class PropertyTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task One_that_is_stopped_is_changed_at_once()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"image": "hello", "name": "web", "args": ["a"], "env": {"A": "1", "B": "2"}}""");
        (await api.SendAsync(HttpMethod.Patch, Path, """
            [{"name": "web", "prop": "args", "op": "add", "value": ["b"]}, {"name": "web", "prop": "env", "op": "add", "value": {"B": "3", "C": "4"}},
             {"name": "web", "prop": "env", "op": "del", "value": "A"}, {"name": "web", "prop": "memory_mb", "op": "set", "value": 512},
             {"name": "web", "prop": "vcpus", "op": "set", "value": 2}, {"name": "web", "prop": "hostname", "op": "set", "value": "other"},
             {"name": "web", "prop": "restart_policy", "op": "set", "value": "always"}, {"name": "web", "prop": "image", "op": "set", "value": "hello:latest"}]
            """)).Success();
        var now = await FindAsync(api);
        Assert.Equal(["a", "b"], now.GetProperty("args").EnumerateArray().Select(text => text.GetString()!));
        Assert.Equal("""{"B":"3","C":"4"}""", now.GetProperty("env").GetRawText());
        Assert.Equal((512, 2, "other", "always"), (now.Number("memory_mb"), now.Number("vcpus"), now.Text("hostname"), now.Text("restart_policy")));
        Assert.False(now.Has("updates"));
        (await api.SendAsync(HttpMethod.Patch, Path, """
            [{"name": "web", "prop": "args", "op": "del"}, {"name": "web", "prop": "env", "op": "del"}, {"name": "web", "prop": "hostname", "op": "del"}, {"name": "web", "prop": "restart_policy", "op": "del"}]
            """)).Success();
        now = await FindAsync(api);
        Assert.False(now.Has("args") || now.Has("env"));
        Assert.Equal(("web", "never"), (now.Text("hostname"), now.Text("restart_policy")));
    }

    [Fact]
    public async Task What_a_machine_is_made_with_waits_for_its_end()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        (await api.SendAsync(HttpMethod.Patch, Path, """
            [{"name": "web", "prop": "env", "op": "add", "value": {"A": "1"}}, {"name": "web", "prop": "env", "op": "add", "value": {"B": "2"}},
             {"name": "web", "prop": "memory_mb", "op": "set", "value": 256}, {"name": "web", "prop": "tags", "op": "set", "value": ["now"]}]
            """)).Success();
        var now = await FindAsync(api);
        Assert.False(now.Has("env"));
        Assert.Equal((128, "now"), (now.Number("memory_mb"), now.GetProperty("tags")[0].GetString()));
        var updates = now.GetProperty("updates").EnumerateArray().ToArray();
        Assert.Equal(["env", "env", "memory_mb"], updates.Select(update => update.Text("prop")!));
        Assert.All(updates, update => Assert.Equal("pending", update.Text("status")));
        Assert.Equal(("add", """{"A":"1"}""", 256), (updates[0].Text("op"), updates[0].GetProperty("value").GetRawText(), updates[2].Number("value")));

        (await api.PutAsync(Path + "/stop", """{"name": "web"}""")).Success();
        await api.Node.UntilAsync("web", InstanceState.Stopped);
        now = await FindAsync(api);
        Assert.Equal(("""{"A":"1","B":"2"}""", 256, false), (now.GetProperty("env").GetRawText(), now.Number("memory_mb"), now.Has("updates")));
        (await api.PutAsync(Path + "/start", """{"name": "web", "timeout_s": -1}""")).Success();
        Assert.Equal(256, api.Node.Machine.Specification.MemoryMib);
        Assert.Contains("B=2", api.Node.Machine.Specification.Guest.Environment);
    }

    [Fact]
    public async Task How_it_sleeps_changes_while_it_runs()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "scale_to_zero", "op": "set", "value": {"policy": "on", "stateful": true, "cooldown_time_ms": 500}}""")).Success();
        var now = await FindAsync(api);
        Assert.Equal(("on", 500, false), (now.GetProperty("scale_to_zero").Text("policy"), now.GetProperty("scale_to_zero").Number("cooldown_time_ms"), now.Has("updates")));
        await api.Node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(100));
        // Asleep it has been decided: the change waits.
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "scale_to_zero", "op": "del"}""")).Success();
        now = await FindAsync(api);
        Assert.Equal(("on", "del", false), (now.GetProperty("scale_to_zero").Text("policy"), now.GetProperty("updates")[0].Text("op"), now.GetProperty("updates")[0].Has("value")));
    }

    [Fact]
    public async Task What_is_not_said_of_how_it_sleeps_stays()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api, ""","scale_to_zero": {"policy": "idle", "stateful": true, "cooldown_time_ms": 500, "notify_time_ms": 50}""");
        Assert.Equal("idle,True,300,50", await ScaleAsync("""{"cooldown_time_ms": 300}"""));
        Assert.Equal("on,True,300,50", await ScaleAsync("""{"policy": "on"}"""));
        Assert.Equal("off,True,300,50", await ScaleAsync("""{"enabled": false}"""));
        Assert.Equal("on,True,300,50", await ScaleAsync("""{"enabled": true}"""));
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "scale_to_zero", "op": "set", "value": {"notify_time_ms": 300}}"""))
            .ItemFailure("instances", 7, "'notify_time_ms' 300 is not below 'cooldown_time_ms' 300.");

        await api.Node.AdvanceUntilAsync("web", InstanceState.Standby, TimeSpan.FromMilliseconds(100));
        // What waits counts as said, and each part of it is shown.
        Assert.Equal("on,True,300,50", await ScaleAsync("""{"cooldown_time_ms": 9000}"""));
        Assert.Equal("on,True,300,50", await ScaleAsync("""{"notify_time_ms": 8000}"""));
        Assert.Equal(2, (await FindAsync(api)).GetProperty("updates").GetArrayLength());
        (await api.PutAsync(Path + "/stop", """{"name": "web"}""")).Success();
        await api.Node.UntilAsync("web", InstanceState.Stopped);
        Assert.Equal("on,True,9000,8000", Text(await FindAsync(api)));

        async Task<string> ScaleAsync(string value)
        {
            (await api.SendAsync(HttpMethod.Patch, Path, $$"""{"name": "web", "prop": "scale_to_zero", "op": "set", "value": {{value}}}""")).Success();
            return Text(await FindAsync(api));
        }

        static string Text(JsonElement instance) => instance.GetProperty("scale_to_zero") is var scale
            ? $"{scale.Text("policy")},{scale.GetProperty("stateful").GetBoolean()},{scale.Number("cooldown_time_ms")},{scale.Number("notify_time_ms")}" : "";
    }

    [Fact]
    public async Task Annotations_are_changed_at_once_and_inherited()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api, ""","annotations": {"a": "1", "example.org/b": "2"}""");
        (await api.SendAsync(HttpMethod.Patch, Path, """
            [{"name": "web", "prop": "annotations", "op": "add", "value": {"c": "3"}}, {"name": "web", "prop": "annotations", "op": "del", "value": ["a"]}]
            """)).Success();
        Assert.Equal("""{"example.org/b":"2","c":"3"}""", (await FindAsync(api)).GetProperty("annotations").GetRawText());
        (await api.PostAsync(Path + "/checkpoints", """{"from": {"name": "web"}, "name": "one", "timeout_s": -1}""")).Success();
        var clone = await api.CreateAsync("""{"checkpoint": {"name": "one"}, "name": "clone", "annotations": {"c": "own"}}""");
        Assert.Equal("""{"example.org/b":"2","c":"own"}""", clone.GetProperty("annotations").GetRawText());
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "annotations", "op": "del"}""")).Success();
        Assert.False((await FindAsync(api)).Has("annotations"));
    }

    [Theory]
    [InlineData("memory_mb", "set", "8", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("memory_mb", "set", "\"1\"", 7, "The 'value' of 'memory_mb' must be a whole number.")]
    [InlineData("memory_mb", "add", "1", 7, "'memory_mb' has no 'op' add.")]
    [InlineData("vcpus", "set", "33", 7, "Value of 'vcpus' must be in the range 1 to 32")]
    [InlineData("args", "set", "5", 7, "The 'value' of 'args' must be a list of strings.")]
    [InlineData("args", "del", "[\"a\"]", 7, "'args' are removed all at once.")]
    [InlineData("env", "set", "{\"A=\": \"1\"}", 7, "Invalid environment variable name or value: 'A='.")]
    [InlineData("env", "set", "{\"A\": 1}", 7, "The 'value' of 'env' must be an object of strings.")]
    [InlineData("hostname", "set", "\"a b\"", 7, "Invalid DNS name 'a b'.")]
    [InlineData("image", "set", "\"nobody\"", 8, "No image 'nobody'.")]
    [InlineData("image", "set", "\"mute\"", 7, "Image 'mute:latest' has neither CMD nor ENTRYPOINT")]
    [InlineData("image", "set", "5", 7, "The 'value' of 'image' must be the name of an image.")]
    [InlineData("scale_to_zero", "set", "{\"policy\": \"sometimes\"}", 7, "Not a valid scale_to_zero 'policy'.")]
    [InlineData("restart_policy", "set", "\"often\"", 7, "'often' is not a valid 'restart_policy'.")]
    [InlineData("annotations", "add", "{\"a/b/c\": \"1\"}", 7, "Invalid annotation 'a/b/c'.")]
    [InlineData("annotations", "add", "{\"a\": \"\\u0007\"}", 7, "The annotation 'a' has a control character in its value.")]
    [InlineData("roms", "del", "[\"a\"]", 1, "Changing 'roms' is not supported.")]
    public async Task A_change_that_cannot_be_changes_nothing(string property, string operation, string value, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        var before = Definition(await FindAsync(api));
        (await api.SendAsync(HttpMethod.Patch, Path, $$"""{"name": "web", "prop": "{{property}}", "op": "{{operation}}", "value": {{value}}}""")).ItemFailure("instances", error, message);
        Assert.Equal(before, Definition(await FindAsync(api)));
    }

    [Fact]
    public async Task What_a_snapshot_has_frozen_in_cannot_be_another()
    {
        await using var api = await TestApi.StartAsync();
        await RunAsync(api);
        await api.CreateAsync("""{"branch_from": {"name": "web"}, "name": "branch"}""");
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "branch", "prop": "env", "op": "set", "value": {"A": "1"}}"""))
            .ItemFailure("instances", 1, "Cannot change 'env' of instance 'branch': it begins from a snapshot");
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "branch", "prop": "hostname", "op": "set", "value": "other"}""")).Success();
        Assert.Equal("other", (await api.GetAsync(Path + "?name=branch")).Success().Items("instances").Single().Text("hostname"));
    }

    [Fact]
    public async Task A_scale_that_nothing_could_wake_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"image": "hello", "name": "web", "features": ["delete-on-stop"]}""");
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "scale_to_zero", "op": "set", "value": {"policy": "on"}}""")).ItemFailure("instances", 7, "'scale_to_zero' needs a 'service_group'.");
        (await api.SendAsync(HttpMethod.Patch, Path, """{"name": "web", "prop": "restart_policy", "op": "set", "value": "always"}""")).ItemFailure("instances", 17, "'delete-on-stop' and a restart policy exclude each other.");
        (await api.PostAsync(Path, """{"image": "hello", "annotations": {"": "1"}}""")).ItemFailure("instances", 7, "Invalid annotation ''.");
        (await api.PostAsync(Path, """{"image": "hello", "annotations": ["a"]}""")).Failure(HttpStatusCode.BadRequest, "'annotations' must be an object of strings");
    }

    private static string Definition(JsonElement instance) => string.Join(
        '\n',
        ((string[])["image", "args", "env", "memory_mb", "vcpus", "hostname", "scale_to_zero", "restart_policy", "annotations", "updates"])
            .Select(name => instance.TryGetProperty(name, out var value) ? value.GetRawText() : "-"));

    private static async Task<JsonElement> FindAsync(TestApi api) => (await api.GetAsync(Path + "?name=web")).Success().Items("instances").Single();

    private static async Task RunAsync(TestApi api, string more = "")
    {
        await api.CreateAsync($$"""
            {"image": "hello", "name": "web", "autostart": true, "timeout_s": -1,
             "service_group": {"services": [{"port": 8080, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}]}{{more}}}
            """);
    }
}
