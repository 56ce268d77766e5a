using System.Net;
using System.Text;
using System.Text.Json;
using Wisp.Api.Tests.Support;
using Wisp.Machines.Consoles;
using Wisp.Platform;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>Start, stop, suspend, wait, log, delete (platform API, "Instance operations").</summary>
public sealed class OperationTests
{
    private const string Path = "/v1/instances";
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

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

    [Fact]
    public async Task Several_at_once_have_each_its_own_fate()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"hello\", \"vcpus\": 2}]");
        var answer = await api.PutAsync(Path + "/start", $"[{{\"name\": \"a\"}}, {{\"uuid\": \"{Absent}\"}}, {{\"name\": \"b\"}}, {{}}]");
        Assert.Equal((HttpStatusCode.OK, "partial_success"), (answer.Status, answer.Envelope));
        var items = answer.Items("instances");
        Assert.Equal(["success", "error", "success", "error"], items.Select(item => item.Text("status")!));
        Answer.AssertFailed(items[1], 8, $"No instance with uuid '{Absent}'");
        Assert.Equal(Absent, items[1].Text("uuid"));
        Answer.AssertFailed(items[3], 13, "Neither 'uuid' nor 'name' is given.");
        Assert.Equal(2, api.Node.Engine.Started.Count);
    }

    [Theory]
    [InlineData("PUT", "/start", "Unknown member 'colour'")]
    [InlineData("PUT", "/stop", "Unknown member 'colour'")]
    [InlineData("PUT", "/suspend", "Unknown member 'colour'")]
    [InlineData("DELETE", "", "Unknown member 'colour'")]
    [InlineData("GET", "/wait", "Unknown member 'colour'")]
    [InlineData("GET", "/log", "Unknown member 'colour'")]
    [InlineData("GET", "", "Unknown member 'colour'")]
    public async Task A_list_with_a_malformed_item_does_nothing_at_all(string method, string operation, string message)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        (await api.SendAsync(new HttpMethod(method), Path + operation, "[{\"name\": \"a\"}, {\"name\": \"a\", \"colour\": 1}]")).Failure(HttpStatusCode.BadRequest, message);
        Assert.Empty(api.Node.Engine.Started);
        Assert.Equal(InstanceState.Stopped, Assert.Single(api.Node.Instances.List()).State);
    }

    [Theory]
    [InlineData("PUT", "/start")]
    [InlineData("PUT", "/stop")]
    [InlineData("PUT", "/suspend")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/wait")]
    [InlineData("GET", "/log")]
    public async Task An_operation_on_nobody_is_400_and_on_who_is_not_there_code_8(string method, string operation)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        (await api.SendAsync(new HttpMethod(method), Path + operation)).Failure(HttpStatusCode.BadRequest, "The request names no resource.");
        (await api.SendAsync(new HttpMethod(method), $"{Path}/{Absent}{operation}")).ItemFailure("instances", 8, $"No instance with uuid '{Absent}'");
        (await api.SendAsync(new HttpMethod(method), $"{Path}/nonsense{operation}")).ItemFailure("instances", 7, "Invalid uuid 'nonsense'");
        Assert.Single(api.Node.Instances.List());
    }

    [Fact]
    public async Task Two_bodies_for_one_path_are_400()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PutAsync($"{Path}/{Absent}/start", "[{}, {}]")).Failure(HttpStatusCode.BadRequest, "A request for one resource takes one object.");
    }

    [Fact]
    public async Task Another_resource_in_the_body_than_in_the_path_is_400()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PutAsync($"{Path}/{Absent}/start", "{\"uuid\": \"00000000-0000-4000-8000-000000000000\"}"))
            .Failure(HttpStatusCode.BadRequest, "The path and the body name different resources.");
    }

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

    [Fact]
    public async Task A_log_is_read_by_position()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}")).Text("uuid");
        var text = string.Concat(Enumerable.Range(0, 2000).Select(number => $"line {number:0000}\n"));
        var directory = Directory.CreateDirectory(System.IO.Path.Combine(api.Node.InstancesDirectory, uuid!)).FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(directory, ConsoleLog.FileName), text, TestContext.Current.CancellationToken);
        await ExpectAsync("", 0, 4096);
        await ExpectAsync("?limit=16383&offset=-16383", text.Length - 16383, text.Length);
        await ExpectAsync("?offset=0&limit=1", 0, 1);
        await ExpectAsync("?offset=10&limit=0", 10, 10);
        await ExpectAsync($"?offset={text.Length}", text.Length, text.Length);
        await ExpectAsync("?offset=999999999", text.Length, text.Length);
        await ExpectAsync("?offset=-999999999&limit=5", 0, 5);
        await ExpectAsync("?offset=-9223372036854775808&limit=9223372036854775807", 0, text.Length);
        await ExpectAsync("", 100, 110, "{\"offset\": 100, \"limit\": 10}");

        async Task ExpectAsync(string query, int start, int end, string? body = null)
        {
            var item = Assert.Single((await api.GetAsync($"{Path}/{uuid}/log{query}", body)).Success().Items("instances"));
            Assert.Equal((uuid, "a", "stopped"), (item.Text("uuid"), item.Text("name"), item.Text("state")));
            Assert.Equal((0, text.Length), (item.GetProperty("available").Number("start"), item.GetProperty("available").Number("end")));
            Assert.Equal((start, end), (item.GetProperty("range").Number("start"), item.GetProperty("range").Number("end")));
            Assert.Equal(text[start..end], Encoding.ASCII.GetString(item.GetProperty("output").GetBytesFromBase64()));
        }
    }

    [Fact]
    public async Task A_log_of_who_never_ran_is_empty()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        var item = Assert.Single((await api.GetAsync(Path + "/log?name=a")).Success().Items("instances"));
        Assert.Equal("", item.Text("output"));
        Assert.Equal(0, item.GetProperty("available").Number("end"));
    }

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

    private static async Task<string> RunAsync(TestApi api)
    {
        var made = await api.CreateAsync(
            """
            {"name": "web", "image": "hello", "autostart": true, "timeout_s": -1, "scale_to_zero": {"policy": "on", "stateful": true},
             "service_group": {"services": [{"port": 80, "handlers": ["http"]}]}}
            """);
        Assert.Equal("running", made.Text("state"));
        return made.Text("uuid")!;
    }

    private static void AssertTransition(Answer answer, string uuid, string state, string previous)
    {
        JsonElement item = Assert.Single(answer.Items("instances"));
        Assert.Equal((uuid, state, previous, "success"), (item.Text("uuid"), item.Text("state"), item.Text("previous_state"), item.Text("status")));
        Assert.True(item.Has("name"));
    }
}
