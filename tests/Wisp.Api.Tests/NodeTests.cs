using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>The node itself: its health, what it can hold, its images (platform API, "Quotas", "Node health", "Images").</summary>
public sealed class NodeTests
{
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Fact]
    public async Task It_is_healthy()
    {
        await using var api = await TestApi.StartAsync();
        var data = (await api.GetAsync("/v1/healthz")).Success().Body.GetProperty("data");
        Assert.Equal(("healthy", "1.2.3"), (data.GetProperty("checks").Text("images"), data.GetProperty("versions").Text("wisp")));
        Assert.True(data.GetProperty("license").GetProperty("valid").GetBoolean());
        api.Node.Images.Broken = true;
        Assert.Equal("degraded", (await api.GetAsync("/v1/healthz")).Success().Body.GetProperty("data").GetProperty("checks").Text("images"));
    }

    [Fact]
    public async Task Quotas_count_what_there_is_and_what_runs()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("""{"image": "hello", "name": "idle", "memory_mb": 256}""");
        await api.CreateAsync(
            """
            {"image": "hello", "name": "web", "memory_mb": 512, "vcpus": 2, "autostart": true, "timeout_s": -1,
             "service_group": {"services": [{"port": 8080, "ip": "127.0.0.1", "handlers": ["http"]}]}}
            """);
        var quotas = (await api.GetAsync("/v1/users/quotas")).Success().Items("quotas").Single();
        var used = quotas.GetProperty("used");
        Assert.Equal((2, 1, 2, 512), (used.Number("instances"), used.Number("live_instances"), used.Number("live_vcpus"), used.Number("live_memory_mb")));
        Assert.Equal((1, 1, 0, 0), (used.Number("service_groups"), used.Number("services"), used.Number("volumes"), used.Number("total_volume_mb")));
        Assert.Equal((api.Node.Network.Capacity, 4096), (quotas.GetProperty("hard").Number("instances"), quotas.GetProperty("limits").Number("max_memory_mb")));
        var user = quotas.Text("uuid");
        Assert.Equal(user, (await api.GetAsync($"/v1/users/{user}/quotas")).Success().Items("quotas").Single().Text("uuid"));
        (await api.GetAsync($"/v1/users/{Absent}/quotas")).ItemFailure("quotas", 8, $"No user with uuid '{Absent}'");
        (await api.GetAsync("/v1/users/me/quotas")).ItemFailure("quotas", 7, "Invalid uuid 'me'");
    }

    [Fact]
    public async Task An_image_that_is_there_can_be_pinned()
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.PostAsync("/v1/images", """[{"url": "hello:latest", "timeout_s": -1}, {"url": "nobody:latest", "timeout_s": 5}, {"url": "hello", "timeout_s": 5, "pull_policy": "always"}]""");
        Assert.Equal("partial_success", answer.Envelope);
        var items = answer.Items("images");
        Assert.Equal(("success", "available", "hello@sha256:" + new string('a', 64)), (items[0].Text("status"), items[0].Text("state"), items[0].Text("url")));
        Assert.Equal(items[0].Text("uuid"), (await api.GetAsync("/v1/images?tag=hello:latest")).Success().Items("images").Single().Text("uuid"));
        Answer.AssertFailed(items[1], 8, "No image 'nobody:latest'");
        Answer.AssertFailed(items[2], 1, "Pulling 'hello' from a registry is not supported.");
        (await api.PostAsync("/v1/images", """{"url": "hello", "timeout_s": 0}""")).Failure(HttpStatusCode.BadRequest, "Value of 'timeout_s' must not be 0");
        (await api.PostAsync("/v1/images", """{"url": "hello"}""")).Failure(HttpStatusCode.BadRequest, "'timeout_s' is missing.");
        (await api.PostAsync("/v1/images")).Failure(HttpStatusCode.BadRequest, "The request has no body.");
    }

    [Fact]
    public async Task An_image_goes_once_nothing_is_made_of_it()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.GetAsync("/v1/images?tag=hello:latest")).Success().Items("images").Single().Text("uuid");
        var instance = (await api.PostAsync("/v1/instances", """{"image": "hello"}""")).Success().Items("instances").Single().Text("uuid");
        (await api.DeleteAsync("/v1/images", $$"""[{"uuid": "{{uuid}}"}]""")).ItemFailure("images", 15, "Image 'hello:latest' is needed by 1 instance and by 0 templates and checkpoints.");
        await api.DeleteAsync("/v1/instances/" + instance);

        var answer = await api.DeleteAsync("/v1/images", $$"""[{"uuid": "{{Guid.Empty}}"}, {"uuid": "{{uuid}}"}]""");
        Assert.Equal("partial_success", answer.Envelope);
        Answer.AssertFailed(answer.Items("images")[0], 8, "No image with uuid");
        Assert.Equal(("success", uuid, "hello"), (answer.Items("images")[1].Text("status"), answer.Items("images")[1].Text("uuid"), answer.Items("images")[1].Text("name")));
        Assert.Empty((await api.GetAsync("/v1/images?tag=hello:latest")).Success().Items("images"));
        (await api.PostAsync("/v1/instances", """{"image": "hello"}""")).ItemFailure("instances", 8, "No image 'hello'");
        (await api.DeleteAsync("/v1/images")).Failure(HttpStatusCode.BadRequest, "The request has no body.");
        (await api.DeleteAsync("/v1/images", "[{}]")).Failure(HttpStatusCode.BadRequest, "'uuid' is missing.");
    }
}
