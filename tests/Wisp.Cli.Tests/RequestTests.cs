using System.Text.Json.Nodes;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What goes over the wire for a command line.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Run_says_what_was_typed_and_leaves_the_rest_to_the_server()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        var run = await api.RunAsync(
            "run", "hello", "-n", "shop", "-m", "1GiB", "--vcpus", "2", "-e", "A=1,2", "-e", "B=c=d", "-p", "8080:80", "-p", "0.0.0.0:5432:5432/tcp", "--scale-to-zero", "on",
            "--restart", "always", "--timeout", "90s", "--", "serve", "-v");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(
            """
            {"image":"hello","autostart":true,"name":"shop","memory_mb":1024,"vcpus":2,"args":["serve","-v"],"env":{"A":"1,2","B":"c=d"},"restart_policy":"always","scale_to_zero":{"policy":"on"},"service_group":{"services":[{"port":8080,"destination_port":80,"handlers":["http"],"ip":"127.0.0.1"},{"port":5432,"destination_port":5432,"handlers":[],"ip":"0.0.0.0"}]},"timeout_s":90}
            """,
            api.Requests[0].Body);
    }

    [Fact]
    public async Task Run_waits_a_minute_when_nothing_else_is_said_and_not_at_all_without_a_start()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web), Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        await api.RunAsync("run", "hello");
        await api.RunAsync("run", "hello", "--no-start");
        Assert.Equal("""{"image":"hello","autostart":true,"timeout_s":60}""", api.Requests[0].Body);
        Assert.Equal("""{"image":"hello","autostart":false}""", api.Requests[2].Body);
    }

    [Theory]
    [InlineData("", """{"policy":"on","stateful":true,"cooldown_time_ms":1000}""")]
    [InlineData("--scale-to-zero off", """{"policy":"off"}""")]
    public async Task What_is_published_sleeps_unless_it_must_not(string said, string scale)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        await api.RunAsync(["run", "hello", "-p", "8080:80", .. said.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Contains($"\"scale_to_zero\":{scale},", api.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", """[{"name":"a","timeout_s":-1},{"name":"b","timeout_s":-1}]""")]
    [InlineData("--no-retain", """[{"name":"a","timeout_s":-1,"dont_retain":true},{"name":"b","timeout_s":-1,"dont_retain":true}]""")]
    public async Task A_delete_waits_until_they_are_gone(string said, string body)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "deleted"), Wire.Moved("b", "deleted")));
        var run = await api.RunAsync(["instances", "delete", "a", "b", .. said.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(("DELETE", "/v1/instances", body), (api.Requests.Single().Method, api.Requests.Single().Path, api.Requests.Single().Body));
    }

    [Theory]
    [InlineData("Unknown member 'timeout_s'")]
    [InlineData("'timeout_s' is not a valid member of the request.")]
    public async Task A_server_that_cannot_wait_for_a_delete_is_not_asked_to(string message)
    {
        await using var api = await CannedApi.RefusingAsync(400, $$"""{"status":"error","message":"{{message}}","errors":[{"status":400}],"op_time_us":1}""");
        api.Answer(Wire.Instances(Wire.Moved("a", "deleted")));
        Assert.Equal(ExitCode.Ok, (await api.RunAsync("instances", "delete", "a", "--no-retain")).ExitCode);
        Assert.Equal("""[{"name":"a","dont_retain":true}]""", api.Requests[^1].Body);
        api.Answer(Wire.Instances(Wire.Absent("a")));
        Assert.Equal(ExitCode.NotFound, (await api.RunAsync("instances", "delete", "a")).ExitCode);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task When_what_is_retained_goes_for_good_is_shown()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances("""{"status":"success","uuid":"11111111-2222-3333-4444-555555555555","name":"a","state":"deleted","retained_until":"2026-01-02T03:04:05.000000Z"}"""));
        var run = await api.RunAsync("instances", "get", "11111111-2222-3333-4444-555555555555", "-f", "timestamps.retained-until", "-o", "json");
        Assert.Contains("2026-01-02T03:04:05", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services create shop -p 8080:80")]
    [InlineData("services create -p 8080:80 shop")]
    [InlineData("services create -p 8080:80 -n shop")]
    [InlineData("services create shop --name shop -p 8080:80")]
    [InlineData("volumes create shop --size 1GiB")]
    [InlineData("volumes create --size 1GiB -n shop")]
    public async Task What_is_made_takes_its_name_as_an_argument_or_by_n(string typed)
    {
        await using var api = await CannedApi.StartAsync(Wire.Services(Wire.Web));
        Assert.Equal((ExitCode.Ok, ""), await api.RunAsync(typed.Split(' ')) is var run ? (run.ExitCode, run.Error) : default);
        Assert.Equal("shop", JsonNode.Parse(api.Requests.Single().Body)!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("services create shop -n web -p 8080:80")]
    [InlineData("volumes create shop -n web")]
    [InlineData("certificates create shop -n web --cn shop.example.com. --chain c --pkey k")]
    public async Task Two_names_for_one_thing_are_refused(string typed)
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync(typed.Split(' '));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("Two names are given, 'shop' and 'web'", run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Run_cannot_both_publish_and_join()
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync("run", "hello", "-p", "1:1", "--service", "web");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("stop", """[{"name":"a","drain_timeout_ms":-1}]""")]
    [InlineData("stop --drain-timeout 5s", """[{"name":"a","drain_timeout_ms":5000}]""")]
    [InlineData("stop --force", """[{"name":"a","force":true}]""")]
    [InlineData("suspend", """[{"name":"a","drain_timeout_ms":-1}]""")]
    [InlineData("start", """[{"name":"a","timeout_s":60}]""")]
    [InlineData("start --timeout 1500ms", """[{"name":"a","timeout_s":2}]""")]
    public async Task A_change_of_state_is_a_put_with_references(string line, string body)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "stopped")));
        var words = line.Split(' ');
        await api.RunAsync(["instances", words[0], "a", .. words[1..]]);
        Assert.Equal(("PUT", $"/v1/instances/{words[0]}", body), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Body));
    }

    [Fact]
    public async Task Deleting_all_asks_and_where_nobody_can_answer_does_nothing()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync("instances", "delete", "--all");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Deleting_all_by_force_names_each()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Moved("hello", "deleted")));
        await api.RunAsync("instances", "delete", "--all", "--force");
        Assert.Equal(("DELETE", """[{"uuid":"11111111-2222-3333-4444-555555555555","timeout_s":-1}]"""), (api.Requests[1].Method, api.Requests[1].Body));
    }

    [Fact]
    public async Task A_service_is_created_as_typed()
    {
        await using var api = await CannedApi.StartAsync(Wire.Services(Wire.Web));
        await api.RunAsync("services", "create", "--service", "8080:80", "-n", "web", "--domain", "shop", "--soft-limit", "2");
        Assert.Equal(
            """{"services":[{"port":8080,"destination_port":80,"handlers":["http"],"ip":"127.0.0.1"}],"name":"web","domains":[{"name":"shop"}],"soft_limit":2}""",
            api.Requests[0].Body);
    }
}
