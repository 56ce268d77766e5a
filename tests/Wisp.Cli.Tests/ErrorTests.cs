using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What went wrong, in which words, with which exit code.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task Without_a_wispd_the_next_step_is_to_start_it()
    {
        var run = await CommandLineRun.StartAsync("instances", "list", "--data-dir", "/nowhere");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal("error: No wispd serves /nowhere.\n  next: Start it: wisp up --data-dir /nowhere\n  help: docs/help/not-running.md\n", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task A_directory_that_is_none_is_no_image()
    {
        var run = await CommandLineRun.StartAsync("run", "/no/such");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("error: There is no directory /no/such.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_outlived_its_wispd_is_as_good_as_none()
    {
        var data = Directory.CreateTempSubdirectory("wisp-cli-test-");
        try
        {
            // Port 1 of the loopback address: nobody listens there.
            await File.WriteAllTextAsync(
                Path.Combine(data.FullName, "wispd.json"),
                $$"""{"endpoint":"http://127.0.0.1:1","token_file":"{{data.FullName}}/token","accelerator":"tcg","accelerator_reason":"","pid":1,"data_dir":"{{data.FullName}}","version":"0"}""");
            await File.WriteAllTextAsync(Path.Combine(data.FullName, "token"), "secret\n");
            var run = await CommandLineRun.StartAsync("status", "--data-dir", data.FullName);
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            Assert.StartsWith($"error: No wispd serves {data.FullName}.\n", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_directory_on_the_command_line_outweighs_the_environment()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances());
        var run = await api.RunAsync("instances", "list", "--data-dir", "/nowhere");
        Assert.Contains("/nowhere", run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task An_unknown_instance_is_not_found()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Absent("nope")));
        var run = await api.RunAsync("instances", "get", "nope");
        Assert.Equal(ExitCode.NotFound, run.ExitCode);
        Assert.Equal("error: No instance with name 'nope'. See them with 'wisp instances list'.\n", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Of_several_the_good_ones_are_printed_and_each_failure_too()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "stopped"), Wire.Absent("b"), Wire.Failed("c", 10, "c burns")));
        var run = await api.RunAsync("instances", "stop", "a", "b", "c", "-o", "quiet");
        Assert.Equal((ExitCode.Failed, "a\n"), (run.ExitCode, run.Output));
        Assert.Contains("error: No instance with name 'b'.", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: c burns\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_token_is_told_without_showing_it()
    {
        await using var api = await CannedApi.RefusingAsync(401, """{"status":"error","message":"The token is not valid.","errors":[{"status":401}],"op_time_us":1}""");
        var run = await api.RunAsync("instances", "list");
        Assert.Equal(ExitCode.NotAuthorised, run.ExitCode);
        Assert.Contains("refuses the token", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_token_is_told()
    {
        var run = await CommandLineRun.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["WISP_ENDPOINT"] = "http://127.0.0.1:1" }, "status");
        Assert.Equal(ExitCode.NotAuthorised, run.ExitCode);
        Assert.Contains("WISP_TOKEN is not", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_ends_without_its_state_timed_out()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Failed("hello", 12, "Instance 'hello' is standby, not running, and the time is up.")));
        var run = await api.RunAsync("instances", "wait", "hello", "--timeout", "1s");
        Assert.Equal(ExitCode.TimedOut, run.ExitCode);
        Assert.Equal("""[{"name":"hello","state":"running","timeout_ms":1000}]""", api.Requests.Single().Body);
    }

    [Fact]
    public async Task A_server_that_answers_no_json_is_told()
    {
        await using var api = await CannedApi.RefusingAsync(502, "<html>");
        var run = await api.RunAsync("images", "list");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("answers HTTP 502 and no reason", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("instances")]
    [InlineData("instances", "get")]
    [InlineData("instances", "delete")]
    [InlineData("instances", "delete", "a", "--all")]
    [InlineData("instances", "logs", "a", "--tail", "-1")]
    [InlineData("run", "hello", "-p", "8080")]
    [InlineData("run", "hello", "-m", "much")]
    [InlineData("run", "hello", "--bogus")]
    [InlineData("run", "--bogus", "hello")]
    [InlineData("run", "hello", "serve")]
    [InlineData("run", "hello", "serve", "--", "serve")]
    [InlineData("run", "hello", "--vcpus", "x")]
    [InlineData("build", "--bogus")]
    [InlineData("services", "create")]
    [InlineData("services", "create", "-p", "1:1", "--soft-limit", "x")]
    [InlineData("instances", "logs", "a", "--tail", "x")]
    [InlineData("status", "-o", "xml")]
    [InlineData("status", "--timeout", "soon")]
    [InlineData("completion", "tcsh")]
    [InlineData("bench", "everything")]
    public async Task Wrong_usage_says_where_help_is(params string[] arguments)
    {
        var run = await CommandLineRun.StartAsync(arguments);
        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"\n  next: wisp.* --help\n$", run.Error);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unforeseen_is_one_line_and_its_trace_only_for_who_asks()
    {
        // A NUL in a path throws where nobody expects it.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WISP_DATA_DIR"] = "/a\0b" };
        var run = await CommandLineRun.StartAsync(environment, "status");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("error: Unforeseen: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        environment["WISP_DEBUG"] = "1";
        Assert.Contains("   at ", (await CommandLineRun.StartAsync(environment, "status")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_of_others_cannot_move_the_cursor()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Failed("x", 10, @"bad\u001b[2J\nerror: forged")));
        var run = await api.RunAsync("instances", "start", "x");
        Assert.Equal("error: bad [2J error: forged\n", run.Error);
    }
}
