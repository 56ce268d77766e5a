using System.Net;
using Wisp.Api.Tests.Support;
using Wisp.Platform;
using Wisp.Platform.Instances;
using static Wisp.Api.Tests.Support.InstanceCalls;

namespace Wisp.Api.Tests;

/// <summary>Start, stop and suspend (platform API, "Instance operations").</summary>
public sealed class StartStopTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task Start_and_stop_say_what_was_and_what_is()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.CreateAsync("{\"name\": \"job\", \"image\": \"hello\"}")).Text("uuid");
        AssertTransition((await api.PutAsync($"{Path}/{uuid}/start", "{\"timeout_s\": -1}")).Success(), uuid!, "running", "stopped");
        // Of one that runs it is success, with nothing changed.
        AssertTransition((await api.PutAsync(Path + "/start", "[{\"name\": \"job\"}]")).Success(), uuid!, "running", "running");
        AssertTransition((await api.PutAsync($"{Path}/{uuid}/stop")).Success(), uuid!, "stopping", "running");
        await api.Node.UntilAsync("job", InstanceState.Stopped);
        var item = Assert.Single((await api.GetAsync($"{Path}/{uuid}")).Success().Items("instances"));
        Assert.Equal(("stopped", 15, 143), (item.Text("state"), item.Number("stop_reason"), item.Number("exit_code")));
        Assert.True(item.Has("stopped_at"));
        AssertTransition((await api.PutAsync($"{Path}/{uuid}/stop")).Success(), uuid!, "stopped", "stopped");
    }

    [Fact]
    public async Task A_stop_by_force_ends_it_without_asking()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        (await api.PutAsync($"{Path}/{uuid}/stop", "{\"force\": true}")).Success();
        await api.Node.UntilAsync("web", InstanceState.Stopped);
        Assert.Empty(api.Node.Machine.Signals);
        Assert.Equal(28, Assert.Single((await api.GetAsync($"{Path}/{uuid}")).Items("instances")).Number("stop_reason"));
    }

    [Fact]
    public async Task Force_and_a_time_to_drain_are_400_and_nobody_is_stopped()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        (await api.PutAsync(Path + "/stop", $"[{{\"uuid\": \"{uuid}\"}}, {{\"uuid\": \"{uuid}\", \"force\": true, \"drain_timeout_ms\": 5}}]"))
            .Failure(HttpStatusCode.BadRequest, "'force' and 'drain_timeout_ms' exclude each other.");
        Assert.Equal(InstanceState.Running, api.Node.Instances.Find(ResourceRef.To("web")).Value.State);
    }

    [Fact]
    public async Task A_stop_only_in_a_state_leaves_others_alone()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        AssertTransition((await api.PutAsync($"{Path}/{uuid}/stop", "{\"ifstate\": \"standby\"}")).Success(), uuid, "running", "running");
        (await api.PutAsync($"{Path}/{uuid}/stop", "{\"ifstate\": \"asleep\"}")).ItemFailure("instances", 7, "'asleep' is not a state of an instance.");
        (await api.PutAsync($"{Path}/{uuid}/stop", "{\"dump\": true, \"force\": true}")).ItemFailure("instances", 1, "'dump' is not supported.");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Suspend_puts_it_to_standby_and_start_wakes_it(string method)
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        AssertTransition((await api.SendAsync(new HttpMethod(method), $"{Path}/{uuid}/suspend")).Success(), uuid, "standby", "running");
        AssertTransition((await api.PutAsync($"{Path}/{uuid}/start")).Success(), uuid, "running", "standby");
    }
}
