using System.Text;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>Reading consoles.</summary>
public sealed class LogTests
{
    [Theory]
    [InlineData("a\nb\nc\n", 2, "b\nc\n")]
    [InlineData("a\nb\nc", 2, "b\nc")]
    [InlineData("a\nb\nc\n", 3, "a\nb\nc\n")]
    [InlineData("a\nb\nc\n", 9, "a\nb\nc\n")]
    [InlineData("a\n", 1, "a\n")]
    [InlineData("\n\n", 1, "\n")]
    [InlineData("a\nb\n", 0, "")]
    [InlineData("", 3, "")]
    public void The_last_lines_are_cut_out(string text, int lines, string expected) => Assert.Equal(expected, LogReader.Last(text, lines));

    [Fact]
    public async Task Pages_are_joined_where_they_cut_a_character_in_two()
    {
        var bytes = Encoding.UTF8.GetBytes("grün\n");
        await using var api = await CannedApi.StartAsync(Wire.Log(bytes[..3], 0, bytes.Length), Wire.Log(bytes[3..], 3, bytes.Length));
        Assert.Equal("grün\n", (await api.RunAsync("instances", "logs", "hello")).Output);
        Assert.Equal([0, 3], api.Requests.Select(request => System.Text.Json.JsonDocument.Parse(request.Body).RootElement.GetProperty("offset").GetInt32()));
    }

    [Fact]
    public async Task Following_ends_once_the_instance_has_stopped_and_said_its_last()
    {
        await using var api = await CannedApi.StartAsync(
            Wire.Log("one\n", 0, 4), Wire.Log("two\n", 4, 8, "stopped"), Wire.Instances(Wire.Hello), Wire.Log("three\n", 8, 14, "stopped"));
        var run = await api.RunAsync("instances", "logs", "hello", "-f");
        Assert.Equal(new CommandLineRun(ExitCode.Ok, "one\ntwo\nthree\n", ""), run);
    }

    [Theory]
    [InlineData("\"vcpus\":1,\"exit_code\":3", 3)]
    [InlineData("\"vcpus\":1", ExitCode.Ok)]
    public async Task Running_and_following_exits_as_the_application_did(string members, int code)
    {
        var ended = Wire.Hello.Replace("\"vcpus\":1", members, StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(
            Wire.Instances(Wire.Hello), Wire.Services(Wire.Web), Wire.Log("bye\n", 0, 4, "stopped"), Wire.Instances(ended), Wire.Log("", 4, 4, "stopped"), Wire.Instances(ended));
        var run = await api.RunAsync("run", "hello", "-o", "quiet", "--follow");
        Assert.Equal((code, "hello\nbye\n"), (run.ExitCode, run.Output));
        Assert.Equal("""{"image":"hello","autostart":true}""", api.Requests[0].Body);
    }

    [Fact]
    public async Task Following_goes_on_over_a_restart()
    {
        var restarting = Wire.Hello.Replace("\"vcpus\":1", "\"vcpus\":1,\"restart\":{\"attempt\":1}", StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(
            Wire.Log("", 0, 0, "stopped"), Wire.Instances(restarting), Wire.Log("again\n", 0, 6), Wire.Instances(Wire.Absent("hello")));
        var run = await api.RunAsync("instances", "logs", "hello", "-f");
        Assert.Equal(new CommandLineRun(ExitCode.Ok, "again\n", ""), run);
    }

    [Fact]
    public async Task Logs_of_an_unknown_instance_are_not_found()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Absent("nope")));
        Assert.Equal(ExitCode.NotFound, (await api.RunAsync("instances", "logs", "nope", "-f")).ExitCode);
    }
}
