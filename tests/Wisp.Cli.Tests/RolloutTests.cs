using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary><c>run --service --rollout</c>: what is new takes the place of what a service has.</summary>
public sealed class RolloutTests
{
    private const string Old = """{"uuid":"1","name":"old"}""";

    private static string Group(string instances, bool persistent = true) => Wire.Services(
        Wire.Web.Replace("""[{"uuid":"1","name":"hello"}]""", $"[{instances}]", StringComparison.Ordinal).Replace("\"persistent\":true", $"\"persistent\":{(persistent ? "true" : "false")}", StringComparison.Ordinal));

    private static string Running => Wire.Instances(Wire.Hello.Replace("standby", "running", StringComparison.Ordinal));

    private static string[] Gone => [Wire.Instances(Wire.Moved("old", "draining")), Wire.Instances(Wire.Moved("old", "stopped")), Wire.Instances(Wire.Moved("old", "deleted"))];

    [Fact]
    public async Task Rolling_the_old_ones_go_once_the_new_one_serves_one_by_one()
    {
        await using var api = await CannedApi.StartAsync([Group(Old + """,{"uuid":"2","name":"older"}"""), Running, Wire.Services(Wire.Web), .. Gone, .. Gone]);
        var run = await api.RunAsync("run", "hello", "--service", "web", "--rollout", "rolling");
        Assert.Equal((ExitCode.Ok, "Starting an instance of hello\nInstance 'old' is stopped and deleted.\nInstance 'older' is stopped and deleted.\n"), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                """GET /v1/services [{"name":"web"}]""",
                """POST /v1/instances {"image":"hello","autostart":true,"service_group":{"name":"web"},"timeout_s":60}""",
                """GET /v1/services [{"uuid":"99999999-2222-3333-4444-555555555555"}]""",
                """PUT /v1/instances/stop [{"name":"1","drain_timeout_ms":-1}]""",
                """GET /v1/instances/wait [{"name":"1","state":"stopped","timeout_ms":-1}]""",
                """DELETE /v1/instances [{"name":"1","timeout_s":-1}]""",
                """PUT /v1/instances/stop [{"name":"2","drain_timeout_ms":-1}]""",
                """GET /v1/instances/wait [{"name":"2","state":"stopped","timeout_ms":-1}]""",
                """DELETE /v1/instances [{"name":"2","timeout_s":-1}]""",
            ],
            api.Requests.Select(request => $"{request.Method} {request.Path} {request.Body}"));
    }

    [Fact]
    public async Task Replacing_the_old_ones_go_first()
    {
        await using var api = await CannedApi.StartAsync([Group(Old), .. Gone, Running, Wire.Services(Wire.Web)]);
        var run = await api.RunAsync("run", "hello", "--service", "web", "--service-rollout", "replace");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(["GET", "PUT", "GET", "DELETE", "POST", "GET"], api.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData("""{"status":"error","name":"new","state":"stopped","error":10,"message":"It ended with exit code 1."}""", "error: It ended with exit code 1.\nerror: Not all of the new instances serve. What service 'web' had, goes on: old.\n")]
    [InlineData("""{"status":"success","name":"new","uuid":"3","state":"starting"}""", "error: Not all of the new instances serve. What service 'web' had, goes on: old.\n  next: See why, and delete them: wisp instances logs new\n")]
    public async Task One_that_does_not_come_up_leaves_the_old_ones_alone(string made, string error)
    {
        await using var api = await CannedApi.StartAsync(Group(Old), Wire.Instances(made));
        var run = await api.RunAsync("run", "hello", "--service", "web", "--rollout", "rolling");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Requests, request => request.Method is "PUT" or "DELETE");
    }

    [Theory]
    [InlineData("rolling")]
    [InlineData("replace")]
    public async Task A_service_that_scales_is_refused_before_anything_is_stopped(string way)
    {
        var group = Group(Old).Replace("\"persistent\":true", "\"persistent\":true,\"autoscale\":true", StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(group);
        var run = await api.RunAsync("run", "hello", "--service", "web", "--rollout", way);
        Assert.Contains("Service 'web' scales by itself", run.Error, StringComparison.Ordinal);
        Assert.Equal(["GET"], api.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task One_that_cannot_be_made_leaves_the_old_ones_alone()
    {
        await using var api = await CannedApi.StartAsync(Group(Old));
        var run = await api.RunAsync("run", "hello", "--service", "web", "--rollout", "rolling");
        Assert.Contains("What service 'web' had, goes on: old.", run.Error, StringComparison.Ordinal);
        Assert.Equal(["GET", "POST"], api.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task An_old_one_that_cannot_go_is_named_with_those_after_it()
    {
        await using var api = await CannedApi.StartAsync(
            [Group(Old + """,{"uuid":"2","name":"older"}"""), Running, Wire.Services(Wire.Web), .. Gone[..2], Wire.Instances(Wire.Failed("old", 14, "It is locked."))]);
        var run = await api.RunAsync("run", "hello", "--service", "web", "--rollout", "rolling");
        Assert.EndsWith("error: It is locked.\n  next: Not replaced yet: old, older.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--service web", true, "error: Service 'web' has 1 instance already.\n  next: Say what becomes of them: --rollout rolling or --rollout replace;")]
    [InlineData("--service web --rollout replace", false, "error: Service 'web' goes with the last of its instances, so that they cannot go first.\n  next: Let the new ones come first: --rollout rolling\n")]
    public async Task What_cannot_be_is_refused_before_anything_is_changed(string options, bool persistent, string error)
    {
        await using var api = await CannedApi.StartAsync(Group(Old, persistent));
        var run = await api.RunAsync(["run", "hello", .. options.Split(' ')]);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("--rollout rolling", "error: --rollout is about a service, and there is none.")]
    [InlineData("--service web --no-start --rollout rolling", "error: --rollout is about what starts, and nothing does.")]
    public async Task A_rollout_of_nothing_is_refused(string options, string error)
    {
        await using var api = await CannedApi.StartAsync();
        Assert.StartsWith(error, (await api.RunAsync(["run", "hello", .. options.Split(' ')])).Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_service_without_instances_is_joined()
    {
        await using var api = await CannedApi.StartAsync(Group(""), Running, Wire.Services(Wire.Web));
        var run = await api.RunAsync("run", "hello", "--service", "web");
        Assert.Equal((ExitCode.Ok, 3), (run.ExitCode, api.Requests.Count));
    }
}
