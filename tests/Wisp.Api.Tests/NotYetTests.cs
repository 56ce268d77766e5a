using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>What is not carried out yet is checked like anything else, and says so item by item.</summary>
public sealed class NotYetTests
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Theory]
    [InlineData("/v1/volumes", "volumes", "volume")]
    [InlineData("/v1/volumes/templates", "volumes", "volume template")]
    public async Task There_are_none_and_none_is_found(string path, string key, string kind)
    {
        await using var api = await TestApi.StartAsync();
        Assert.Empty((await api.GetAsync(path + "?count=100&details=true")).Success().Items(key));
        (await api.GetAsync($"{path}/{Absent}")).ItemFailure(key, 8, $"No {kind} with uuid '{Absent}'");
        (await api.GetAsync(path + "?name=web")).ItemFailure(key, 8, $"No {kind} with name 'web'");
        (await api.GetAsync(path, """[{"uuid": "web"}]""")).ItemFailure(key, 7, "Invalid uuid 'web'");
        (await api.GetAsync(path + "?order=up")).Failure(HttpStatusCode.BadRequest, "'order' must be asc or desc");
    }

    [Theory]
    [InlineData("POST", "/v1/volumes", """{"name": "data", "size_mb": 10}""", "volumes")]
    [InlineData("PUT", "/v1/volumes/" + Absent + "/attach", """{"attach_to": {"name": "web"}, "at": "/data"}""", "volumes")]
    [InlineData("PUT", "/v1/volumes/detach", """{"name": "data"}""", "volumes")]
    [InlineData("POST", "/v1/volumes/" + Absent + "/clone", null, "volumes")]
    [InlineData("PATCH", "/v1/volumes", """{"name": "data", "prop": "size_mb", "op": "set", "value": 20}""", "volumes")]
    [InlineData("DELETE", "/v1/volumes/" + Absent, null, "volumes")]
    public async Task What_is_well_formed_is_not_supported(string method, string path, string? body, string key)
    {
        await using var api = await TestApi.StartAsync();
        (await api.SendAsync(new HttpMethod(method), path, body)).ItemFailure(key, 1, "'");
    }

    [Theory]
    [InlineData("POST", "/v1/volumes", """{"size_mb": "ten"}""", "'size_mb' must be a whole number")]
    [InlineData("POST", "/v1/volumes", """{"access_mode": "rw"}""", "'rw' is not a valid 'access_mode'.")]
    [InlineData("POST", "/v1/volumes", """{"template": {"colour": 1}}""", "Unknown member 'colour'")]
    [InlineData("PUT", "/v1/volumes/attach", """{"name": "data"}""", "'attach_to' is missing.")]
    [InlineData("DELETE", "/v1/volumes", null, "The request names no resource.")]
    public async Task What_is_malformed_is_refused_as_a_whole(string method, string path, string? body, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.SendAsync(new HttpMethod(method), path, body)).Failure(HttpStatusCode.BadRequest, message);
    }

    [Fact]
    public async Task Several_items_answer_each_for_itself()
    {
        await using var api = await TestApi.StartAsync();
        var items = (await api.SendAsync(HttpMethod.Patch, "/v1/volumes", $$"""
            [{"name": "a", "id": "1", "prop": "tags", "op": "del"}, {"uuid": "{{Absent}}", "id": "2", "prop": "tags", "op": "del"}, {"name": "b", "uuid": "{{Absent}}", "prop": "tags", "op": "del"}]
            """)).Items("volumes");
        Assert.Equal(("a", "1"), (items[0].Text("name"), items[0].Text("id")));
        Assert.Equal((Absent, "2"), (items[1].Text("uuid"), items[1].Text("id")));
        Answer.AssertFailed(items[2], 17, "Give 'uuid' or 'name', not both.");
    }

    [Fact]
    public async Task A_group_that_is_there_has_no_autoscale()
    {
        await using var api = await TestApi.StartAsync();
        var group = (await api.PostAsync("/v1/services", """{"name": "web", "services": [{"port": 8080, "ip": "127.0.0.1"}]}""")).Success().Items("service_groups").Single().Text("uuid");
        foreach (var path in (string[])["/v1/services/autoscale", "/v1/services/autoscale?name=web", $"/v1/services/{group}/autoscale"])
        {
            var item = (await api.GetAsync(path)).Success().Items("service_groups").Single();
            Assert.Equal(("unconfigured", "web", group), (item.Text("status"), item.Text("name"), item.Text("uuid")));
            Assert.False(item.GetProperty("enabled").GetBoolean());
        }

        (await api.GetAsync($"/v1/services/{Absent}/autoscale")).ItemFailure("service_groups", 8, $"No service group with uuid '{Absent}'");
        (await api.DeleteAsync($"/v1/services/{group}/autoscale")).ItemFailure("service_groups", 27, "Autoscale is not configured for service group 'web'.");
        Assert.Equal("p", (await api.GetAsync($"/v1/services/{group}/autoscale/policies/p")).ItemFailure("policies", 27, "Autoscale is not configured").Text("name"));
        (await api.DeleteAsync($"/v1/services/{group}/autoscale/policies", """{"name": "p"}""")).ItemFailure("policies", 27, "Autoscale is not configured");
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_404()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.CreateAsync("""{"image": "hello", "name": "web"}""")).Text("uuid");
        (await api.PostAsync($"/v1/instances/{uuid}/plugins/sandbox/commands/1", "{}")).Failure(HttpStatusCode.NotFound, "Instance 'web' has no plugin 'sandbox'.");
        (await api.GetAsync($"/v1/instances/{Absent}/plugins/sandbox/commands")).Failure(HttpStatusCode.NotFound, $"No instance with uuid '{Absent}'");
    }
}
