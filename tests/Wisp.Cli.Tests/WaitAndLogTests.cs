using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>Waits for more than states, consoles of several instances, raw calls, restarts.</summary>
public sealed class WaitAndLogTests
{
    [Fact]
    public async Task A_wait_for_a_field_looks_until_it_holds()
    {
        await using var api = await CannedApi.StartAsync(
            Wire.Instances(Wire.Hello), Wire.Instances(Wire.Hello.Replace("\"vcpus\":1", "\"vcpus\":1,\"start_count\":2", StringComparison.Ordinal)));
        var run = await api.RunAsync("instances", "wait", "hello", "--until", "restart.start-count>=2", "--interval", "1ms", "-o", "quiet");
        Assert.Equal((ExitCode.Ok, "hello\n", 2), (run.ExitCode, run.Output, api.Requests.Count));
    }

    [Fact]
    public async Task A_wait_for_a_field_ends_in_time_and_says_what_did_not_hold()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync("instances", "wait", "hello", "--until", "restart.start-count>=2", "--interval", "1h", "--timeout", "1s");
        Assert.Equal(ExitCode.TimedOut, run.ExitCode);
        Assert.Equal("error: Of instance 'hello', restart.start-count>=2 does not hold after 1.0s.\n  next: Give it more with --timeout.\n", run.Error);
    }

    [Fact]
    public async Task Lines_of_several_instances_say_whose_they_are()
    {
        await using var api = await CannedApi.StartAsync(Wire.Log("one\ntwo\n", 0, 8), Wire.Log("three", 0, 5), Wire.Log("one\n", 0, 4), Wire.Log("two\n", 0, 4), Wire.Log("one\n", 0, 4));
        Assert.Equal("a | one\na | two\nb | three\n", (await api.RunAsync("instances", "logs", "a", "b")).Output);
        Assert.Equal("one\ntwo\n", (await api.RunAsync("instances", "logs", "a", "b", "--no-prefix")).Output);
        Assert.Equal("a | one\n", (await api.RunAsync("instances", "logs", "a", "--prefix")).Output);
    }

    [Fact]
    public async Task A_restart_waits_for_the_stop()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "stopping")), Wire.Instances(Wire.Moved("a", "stopped")), Wire.Instances(Wire.Moved("a", "running")));
        var run = await api.RunAsync("instances", "restart", "a", "--force");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(["PUT /v1/instances/stop", "GET /v1/instances/wait", "PUT /v1/instances/start"], api.Requests.Select(request => $"{request.Method} {request.Path}"));
    }

    [Fact]
    public async Task A_raw_call_has_its_headers_and_gives_its_token_to_nobody_else()
    {
        await using var own = await CannedApi.StartAsync("""{"status":"success"}""");
        await using var other = await CannedApi.StartAsync("""{"status":"success"}""");
        await own.RunAsync("api", own.Environment["WISP_ENDPOINT"] + "/v1/x", "-H", "X-A: b", "a[b]=c");
        await own.RunAsync("api", other.Environment["WISP_ENDPOINT"] + "/v1/y");
        Assert.Equal(("/v1/x", "Bearer secret", """{"a":{"b":"c"}}"""), (own.Requests[0].Path, own.Requests[0].Authorization, own.Requests[0].Body));
        Assert.Equal(("/v1/y", ""), (other.Requests[0].Path, other.Requests[0].Authorization));
        Assert.Equal(ExitCode.Failed, (await own.RunAsync("api", "x", "-H", "nonsense")).ExitCode);
    }

    [Fact]
    public async Task What_a_filter_finds_is_deleted()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello, Wire.Moved("other", "running")), Wire.Instances(Wire.Moved("hello", "deleted")));
        var run = await api.RunAsync("instances", "delete", "--filter", "name~=^hel", "--force");
        Assert.Equal((ExitCode.Ok, """[{"uuid":"11111111-2222-3333-4444-555555555555","timeout_s":-1}]"""), (run.ExitCode, api.Requests[1].Body));
    }

    [Theory]
    [InlineData("volumes list")]
    [InlineData("volumes create -n data --size 1GiB")]
    [InlineData("certificates list")]
    public async Task What_the_server_does_not_do_yet_is_an_error_with_its_words(string line)
    {
        await using var api = await CannedApi.RefusingAsync(400, """{"status":"error","message":"'getVolumes' is not supported. Volumes are not supported yet.","errors":[{"status":400}],"op_time_us":1}""");
        var run = await api.RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.Failed, "", "error: 'getVolumes' is not supported. Volumes are not supported yet.\n  next: See in docs/compatibility.md what works by now.\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Images_are_found_by_name()
    {
        const string Images = """{"status":"success","data":{"images":[{"status":"success","url":"hello@sha256:159beaef1d10f56c","tags":["hello:latest"],"size_in_bytes":1048576},{"status":"success","url":"acme/x@sha256:259beaef1d10f56c","tags":["acme/x:1"]}]},"op_time_us":1}""";
        await using var api = await CannedApi.StartAsync(Images, Images, Images);
        Assert.Equal("hello:latest\n", (await api.RunAsync("images", "get", "hello", "-o", "quiet")).Output);
        Assert.Equal("acme/x:1\n", (await api.RunAsync("images", "list", "--namespace", "acme", "-o", "quiet")).Output);
        var none = await api.RunAsync("images", "get", "nothing");
        Assert.Equal((ExitCode.NotFound, "error: There is no image 'nothing'.\n  next: See them with 'wisp images list'.\n"), (none.ExitCode, none.Error));
    }
}
