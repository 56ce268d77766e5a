using System.Net;
using Wisp.Api.Tests.Support;
using static Wisp.Api.Tests.Support.InstanceCalls;

namespace Wisp.Api.Tests;

/// <summary>Deleting instances, and what is retained of them (platform API, "Instance operations").</summary>
public sealed class DeleteTests
{
    private const string Path = "/v1/instances";

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{\"timeout_s\": -1, \"dont_retain\": true}")]
    [InlineData("{\"timeout_s\": 60}")]
    public async Task Delete_removes_it_running_or_not(string? body)
    {
        var retain = body?.Contains("dont_retain", StringComparison.Ordinal) == true ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        await using var api = await TestApi.StartAsync(configure: options => options with { RetainDeleted = retain });
        var uuid = await RunAsync(api);
        var item = Assert.Single((await api.DeleteAsync($"{Path}/{uuid}", body)).Success().Items("instances"));
        Assert.Equal((uuid, "web", "running"), (item.Text("uuid"), item.Text("name"), item.Text("previous_state")));
        (await api.GetAsync($"{Path}/{uuid}")).ItemFailure("instances", 8, "No instance with uuid");
        (await api.DeleteAsync($"{Path}/{uuid}", body)).ItemFailure("instances", 8, "No instance with uuid");
        // The group that came with it went with it.
        Assert.Empty((await api.GetAsync("/v1/services")).Success().Items("service_groups"));
    }

    [Fact]
    public async Task What_is_retained_is_shown_by_its_uuid_and_deleted_once_more()
    {
        await using var api = await TestApi.StartAsync(configure: options => options with { RetainDeleted = TimeSpan.FromMinutes(1) });
        var uuid = await RunAsync(api);
        (await api.DeleteAsync($"{Path}/{uuid}", "{\"timeout_s\": -1}")).Success();
        var until = api.Node.Time.GetUtcNow().AddMinutes(1);
        var item = Assert.Single((await api.GetAsync($"{Path}/{uuid}")).Success().Items("instances"));
        Assert.Equal(("web", "deleted"), (item.Text("name"), item.Text("state")));
        Assert.Equal(until, item.GetProperty("retained_until").GetDateTimeOffset());
        Assert.False(item.TryGetProperty("private_ip", out _) || item.TryGetProperty("service_group", out _));
        Assert.Empty((await api.GetAsync(Path)).Success().Items("instances"));
        Assert.Empty((await api.GetAsync(Path + "/metrics")).Success().Items("instances"));
        (await api.GetAsync(Path + "?name=web")).ItemFailure("instances", 8, "No instance with name");
        (await api.PutAsync($"{Path}/{uuid}/start")).ItemFailure("instances", 11, "Instance 'web' is deleted");
        foreach (var looked in (string[])["log", "metrics", "history", "wait?state=deleted"])
        {
            Assert.Equal(uuid, Assert.Single((await api.GetAsync($"{Path}/{uuid}/{looked}")).Success().Items("instances")).Text("uuid"));
        }

        item = Assert.Single((await api.DeleteAsync($"{Path}/{uuid}")).Success().Items("instances"));
        Assert.Equal("deleted", item.Text("previous_state"));
        (await api.GetAsync($"{Path}/{uuid}")).ItemFailure("instances", 8, "No instance with uuid");
    }

    [Fact]
    public async Task One_instance_named_several_times_is_deleted_once()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        var answer = await api.DeleteAsync(Path, $"[{{\"uuid\": \"{uuid}\"}}, {{\"name\": \"web\"}}, {{\"uuid\": \"{uuid}\"}}]");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(api.Node.Instances.List());
        (await api.GetAsync(Path)).Success();
    }
}
