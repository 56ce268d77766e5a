using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>How service groups scale, as clients say and hear it.</summary>
public sealed class AutoscaleTests
{
    private const string Path = "/v1/services/autoscale";

    [Fact]
    public async Task What_is_configured_is_shown()
    {
        await using var api = await GroupAsync();
        await MouldAsync(api);
        var made = (await api.PostAsync(Path, """
            {"name": "web", "min_size": 0, "max_size": 8, "warmup_time_ms": 1500, "cooldown_time_ms": 2500, "create_args": {"template": {"name": "mould"}}, "high_watermark": 0.5,
             "policies": [{"name": "load", "type": "step", "metric": "inflight_reqs", "adjustment_type": "percent", "steps": [{"upper_bound": 4, "adjustment": -50}, {"lower_bound": 4, "adjustment": 100}]}]}
            """)).Success().Items("service_groups").Single();
        foreach (var shown in (JsonElement[])[made, (await api.GetAsync(Path + "?name=web")).Success().Items("service_groups").Single()])
        {
            Assert.Equal(("success", "web", true, 0, 8), (shown.Text("status"), shown.Text("name"), shown.GetProperty("enabled").GetBoolean(), shown.GetProperty("min_size").GetInt32(), shown.GetProperty("max_size").GetInt32()));
            Assert.Equal((1500, 2500, 0.5), (shown.GetProperty("warmup_time_ms").GetInt32(), shown.GetProperty("cooldown_time_ms").GetInt32(), shown.GetProperty("high_watermark").GetDouble()));
            Assert.Equal("mould", shown.GetProperty("template").Text("name"));
            Assert.Equal(
                """{"name":"load","type":"step","enabled":true,"metric":"inflight_reqs","adjustment_type":"percentage","steps":[{"adjustment":-50,"upper_bound":4},{"adjustment":100,"lower_bound":4}]}""",
                shown.GetProperty("policies")[0].GetRawText());
        }

        Assert.True((await api.GetAsync("/v1/services?name=web")).Success().Items("service_groups").Single().GetProperty("autoscale").GetBoolean());
    }

    [Theory]
    [InlineData("""{"name": "p", "type": {"name": "p", "metric": "cpu", "adjustment_type": "change", "steps": [{"adjustment": 1, "lower_bound": 600}]}}""")]
    [InlineData("""{"name": "p", "type": "step", "metric": "cpu", "steps": [{"adjustment": 1, "lower_bound": 600}]}""")]
    public async Task A_policy_comes_flat_or_inside_its_type(string policy)
    {
        await using var api = await GroupAsync();
        var group = (await api.PostAsync(Path, """{"name": "web", "min_size": 0}""")).Success().Items("service_groups").Single().Text("uuid");
        (await api.PostAsync($"/v1/services/{group}/autoscale/policies", policy)).Success();
        var item = (await api.GetAsync($"/v1/services/{group}/autoscale/policies/p")).Success().Items("policies").Single();
        Assert.Equal(("success", "step", "cpu", 600), (item.Text("status"), item.GetProperty("policy").Text("type"), item.GetProperty("policy").Text("metric"), item.GetProperty("policy").GetProperty("steps")[0].GetProperty("lower_bound").GetInt32()));
        (await api.PostAsync($"/v1/services/{group}/autoscale/policies", policy)).ItemFailure("policies", 23, "A policy with the name 'p' already exists");
        (await api.DeleteAsync($"/v1/services/{group}/autoscale/policies/p")).Success();
        (await api.DeleteAsync($"/v1/services/{group}/autoscale/policies/p")).ItemFailure("policies", 8, "No policy with name 'p'");
    }

    [Theory]
    [InlineData("\"max_size\": 17", 29, "Value of 'max_size' must be in the range 0 to 16")]
    [InlineData("\"min_size\": 3, \"max_size\": 2", 29, "'min_size' 3 is above 'max_size' 2.")]
    [InlineData("\"warmup_time_ms\": -1", 7, "Value of 'warmup_time_ms' must be in the range 0 to 86400000")]
    [InlineData("\"high_watermark\": 1.5", 7, "Value of 'high_watermark' must be in the range 0 to 1")]
    [InlineData("\"high_watermark\": \"half\"", 7, "'high_watermark' must be a number.")]
    [InlineData("\"create_args\": {\"template\": {\"name\": \"absent\"}}", 8, "No template with name 'absent'")]
    [InlineData("\"create_args\": {\"roms\": [{\"name\": \"data\"}]}", 1, "'roms' is not supported.")]
    [InlineData("\"create_args\": {\"template\": {\"name\": \"a\"}}, \"template\": {\"name\": \"a\"}", 17, "Give 'template' at the top or in 'create_args', not both.")]
    [InlineData("\"policies\": [{\"name\": \"p\", \"type\": \"often\"}]", 7, "'often' is not a valid 'type'.")]
    [InlineData("\"policies\": [{\"name\": \"p\"}]", 7, "Policy 'p' has 0 steps.")]
    [InlineData("\"policies\": [{\"name\": \"p\", \"steps\": [{\"upper_bound\": 4, \"adjustment\": 1}, {\"lower_bound\": 5, \"adjustment\": 1}]}]", 7, "Step 2 of policy 'p' does not begin where the one before it ends.")]
    [InlineData("\"policies\": [{\"name\": \"p\", \"type\": \"idle\"}]", 7, "Value of 'idle_time_ms' must be in the range 1 to")]
    [InlineData("\"policies\": [{\"name\": \"p\", \"type\": \"create\"}]", 7, "Value of 'num_requests' must be in the range 1 to")]
    [InlineData("\"policies\": [{\"name\": \"p\", \"type\": \"on_demand\"}, {\"name\": \"p\", \"type\": \"on_demand\"}]", 23, "A policy with the name 'p' already exists")]
    public async Task What_breaks_a_rule_is_refused_and_changes_nothing(string members, int code, string message)
    {
        await using var api = await GroupAsync();
        (await api.PostAsync(Path, $$"""{"name": "web", {{members}}}""")).ItemFailure("service_groups", code, message);
        Assert.Equal("unconfigured", (await api.GetAsync(Path + "?name=web")).Success().Items("service_groups").Single().Text("status"));
    }

    [Fact]
    public async Task It_is_configured_once_and_changed_by_put()
    {
        await using var api = await GroupAsync();
        (await api.PostAsync(Path, """{"name": "web", "min_size": 0, "max_size": 4}""")).Success();
        (await api.PostAsync(Path, """{"name": "web", "max_size": 5}""")).ItemFailure("service_groups", 26, "Autoscale is configured for service group 'web' already.");
        var changed = (await api.SendAsync(HttpMethod.Put, Path, """{"name": "web", "max_size": 5}""")).Success().Items("service_groups").Single();
        Assert.Equal((0, 5), (changed.GetProperty("min_size").GetInt32(), changed.GetProperty("max_size").GetInt32()));
        (await api.DeleteAsync("/v1/services", """{"name": "web"}""")).ItemFailure("service_groups", 26, "Autoscale is configured for service group 'web'.");
        (await api.DeleteAsync(Path, """{"name": "web"}""")).Success();
        (await api.DeleteAsync("/v1/services", """{"name": "web"}""")).Success();
    }

    [Fact]
    public async Task What_is_malformed_is_refused_as_a_whole()
    {
        await using var api = await GroupAsync();
        (await api.PostAsync(Path, """{"name": "web", "max_size": "many"}""")).Failure(HttpStatusCode.BadRequest, "'max_size' must be a whole number");
        (await api.PostAsync(Path, """{"name": "web", "policies": [{"name": "p", "colour": 1}]}""")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
    }

    private static async Task<TestApi> GroupAsync()
    {
        var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/services", """{"name": "web", "services": [{"port": 8080, "ip": "127.0.0.1"}]}""")).Success();
        return api;
    }

    private static async Task MouldAsync(TestApi api)
    {
        await api.CreateAsync("""{"name": "mould", "image": "hello"}""");
        (await api.PostAsync("/v1/instances/templates", """{"name": "mould"}""")).Success();
    }
}
