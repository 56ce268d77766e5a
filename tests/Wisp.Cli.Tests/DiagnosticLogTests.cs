using System.Text.Json;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What commands say of themselves, with <c>--log-level</c> and <c>--log-type</c>.</summary>
public sealed class DiagnosticLogTests
{
    private const string Token = """{"status":"success","name":"ci","token":"wisp_hidden","pkey":"KEY"}""";

    [Theory]
    [InlineData(null, "")]
    [InlineData("warn", "")]
    [InlineData("info", "info")]
    [InlineData("debug", "info debug")]
    [InlineData("trace", "info debug trace")]
    public async Task A_level_shows_what_matters_as_much_or_more(string? level, string levels)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync(["instances", "list", .. level is null ? (string[])[] : ["--log-level", level]]);
        Assert.Equal(levels, string.Join(' ', run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]).Distinct()));
        Assert.Contains("hello", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_is_shown_with_its_status_and_bodies_without_secrets()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Token));
        var run = await api.RunAsync("api", "users/tokens?token=hidden&a=b", "name=ci", "nested[pkey]=KEY", "list[][token]=hidden", "--log-level", "trace", "--log-type", "json");
        Assert.Contains("wisp_hidden", run.Output, StringComparison.Ordinal);
        foreach (var secret in (string[])["hidden", "KEY", "Bearer", "secret"])
        {
            Assert.DoesNotContain(secret, run.Error, StringComparison.Ordinal);
        }

        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var call = lines.Single(line => line.GetProperty("level").GetString() == "debug");
        Assert.Equal(
            ("POST", api.Environment["WISP_ENDPOINT"] + "/v1/users/tokens?token=(left out)&a=b", 200),
            (call.GetProperty("method").GetString(), call.GetProperty("url").GetString(), call.GetProperty("status").GetInt32()));
        Assert.True(call.GetProperty("duration_ms").GetInt64() >= 0);
        Assert.Equal(
            """{"name":"ci","nested":{"pkey":"(left out)"},"list":[{"token":"(left out)"}]}""",
            lines.First(line => line.GetProperty("level").GetString() == "trace").GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_call_that_nobody_answers_is_shown_too()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WISP_ENDPOINT"] = "http://127.0.0.1:9", ["WISP_TOKEN"] = "secret", ["WISP_LOG_LEVEL"] = "debug" };
        var run = await CommandLineRun.StartAsync(environment, "instances", "list");
        Assert.Contains("debug: GET http://127.0.0.1:9/v1/instances failed in ", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
    }

    [Fact]
    public async Task Which_servers_were_chosen_is_said_with_the_reason()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var api = await CannedApi.StartAsync(Wire.Instances(), Wire.Instances());
            var endpoint = api.Environment["WISP_ENDPOINT"];
            await File.WriteAllTextAsync(
                file, $"profile: work\nprofiles: {{work: {{token: t, metro_default: lon, metros: [{{name: fra, endpoint: \"{endpoint}\"}}, {{name: lon, endpoint: \"{endpoint}\"}}]}}}}");
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["UKC_TOKEN"] = "secret" };
            var run = await CommandLineRun.StartAsync(environment, "instances", "list", "--config", file, "--log-level", "info");
            Assert.Equal(
                $"info: Servers are those of profile 'work', because {file} uses it.\nwarn: UKC_TOKEN is set and UKC_METRO is not: it is not used.\n"
                    + $"info: What is new goes to metro 'lon' at {endpoint}, because it is the profile's default.\n",
                run.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("error", """{"level":"error","message":"There is no field 'nothing'.","code":7}""")]
    [InlineData("fatal", "")]
    public async Task A_failure_is_a_line_of_json_or_left_out(string level, string members)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync("instances", "list", "--filter", "nothing==1", "--log-type", "json", "--log-level", level);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        var line = run.Error.Length == 0 ? null : System.Text.Json.Nodes.JsonNode.Parse(run.Error)!.AsObject();
        foreach (var member in (string[])["time", "next"])
        {
            Assert.True(line?.Remove(member) ?? true);
        }

        Assert.Equal(members, line?.ToJsonString(Output.Json.Relaxed) ?? "");
    }

    [Theory]
    [InlineData("much", null)]
    [InlineData(null, "much")]
    public async Task A_level_that_is_none_is_refused(string? typed, string? variable)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (variable is not null)
        {
            environment["WISP_LOG_LEVEL"] = variable;
        }

        var run = await CommandLineRun.StartAsync(environment, ["version", .. typed is null ? (string[])[] : ["--log-level", typed]]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("'much' is not a level of the log. Use trace, debug, info, warn, error, fatal.\n  next: wisp version --help\n", run.Error, StringComparison.Ordinal);
    }
}
