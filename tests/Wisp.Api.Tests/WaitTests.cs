using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>Waiting for a state (platform API, "Instance operations").</summary>
public sealed class WaitTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task Wait_answers_when_the_state_is_reached()
    {
        await using var api = await TestApi.StartAsync();
        api.Node.Engine.BootAtOnce = false;
        var uuid = (await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\", \"autostart\": true}")).Text("uuid");
        Task<Answer>[] waits =
        [
            api.GetAsync($"{Path}/{uuid}/wait"),
            api.GetAsync($"{Path}/wait?uuid={uuid}&state=running&timeout_s=-1"),
            api.PutAsync($"{Path}/wait", "[{\"name\": \"a\", \"state\": \"running\", \"timeout_s\": 3600}]"),
            api.GetAsync($"{Path}/{uuid}/wait?timeout_s=9223372036854775807"),
            api.GetAsync($"{Path}/{uuid}/wait?timeout_ms=9223372036854775807"),
        ];
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        api.Node.Machine.Boot();
        foreach (var wait in waits)
        {
            var item = Assert.Single((await wait).Success().Items("instances"));
            Assert.Equal((uuid, "a", "running"), (item.Text("uuid"), item.Text("name"), item.Text("state")));
        }
    }

    [Theory]
    [InlineData("?timeout_s=0", null)]
    [InlineData("?timeout_ms=0", null)]
    [InlineData("", "{\"timeout_s\": 0}")]
    public async Task Wait_without_time_just_looks(string query, string? body)
    {
        await using var api = await TestApi.StartAsync();
        api.Node.Engine.BootAtOnce = false;
        var uuid = (await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\", \"autostart\": true}")).Text("uuid");
        var item = (await api.GetAsync($"{Path}/{uuid}/wait{query}", body)).ItemFailure("instances", 12, "Instance 'a' is starting, not running");
        Assert.Equal((uuid, "a", "starting"), (item.Text("uuid"), item.Text("name"), item.Text("state")));
    }

    [Fact]
    public async Task Wait_pairs_its_lists_by_position()
    {
        await using var api = await TestApi.StartAsync();
        api.Node.Engine.BootAtOnce = false;
        await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"hello\", \"autostart\": true}]");
        var items = (await api.GetAsync(Path + "/wait?name=a&name=b&state=stopped&state=starting&timeout_s=0,0")).Success().Items("instances");
        Assert.Equal(["stopped", "starting"], items.Select(item => item.Text("state")!));
    }

    [Fact]
    public async Task Wait_for_a_state_that_does_not_exist_fails_its_item()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        foreach (var state in (string[])["asleep", "Running", "3", "running|stopped"])
        {
            (await api.GetAsync($"{Path}/wait?name=a&state={state}&timeout_s=0")).ItemFailure("instances", 7, $"'{state}' is not a state of an instance.");
        }
    }
}
