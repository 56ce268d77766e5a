using System.Text.Json;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>The forms of output.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task A_list_is_a_table_without_ornament_or_spaces_at_the_end()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync("instances", "list");
        Assert.Equal(
            [
                "NAME   STATE    IMAGE                      MEMORY   SERVICE  ADDRESS     CREATED",
                "hello  standby  hello@sha256:159beaef1d10  128 MiB  web      10.105.0.2",
            ],
            run.Lines);
    }

    [Fact]
    public async Task Nothing_is_printed_of_an_empty_list()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances());
        Assert.Equal(new CommandLineRun(ExitCode.Ok, "", ""), await api.RunAsync("instances", "list"));
    }

    [Theory]
    [InlineData("instances list", "No instances. Make one: wisp run IMAGE")]
    [InlineData("instances list --filter state==running", "No instances for which that holds.")]
    [InlineData("templates list", "No templates. Make one: wisp templates create INSTANCE")]
    [InlineData("instances checkpoint list", "No checkpoints. Make one: wisp checkpoints create INSTANCE")]
    [InlineData("services list", "No services. Make one: wisp services create NAME -p 8080:80")]
    [InlineData("images list", "No images. Make one: wisp build DIRECTORY")]
    [InlineData("volumes list", "No volumes.")]
    [InlineData("volumes template list", "No templates of volumes.")]
    [InlineData("certificates list", "No certificates. Make one: wisp certificates create NAME --cn FQDN. --chain FILE --pkey FILE")]
    [InlineData("snapshots list", "No snapshots. Make one: wisp checkpoints create INSTANCE")]
    [InlineData("schedules list", "No schedules. Make one: wisp schedules create INSTANCE NAME --when 22:00 --action stop")]
    [InlineData("tokens list", "No tokens. Make one: wisp tokens create USER")]
    public async Task Of_an_empty_list_people_are_told_how_there_is_one_and_programs_nothing(string typed, string said)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances());
        Assert.Equal(new CommandLineRun(ExitCode.Ok, "", said + "\n"), await CommandLineRun.StartAsync(api.Environment, typed.Split(' '), "", terminal: true));
        foreach (var form in (string[])["json", "yaml", "quiet", "kv", "raw"])
        {
            api.Answer(Wire.Instances());
            Assert.Equal("", (await CommandLineRun.StartAsync(api.Environment, [.. typed.Split(' '), "-o", form], "", terminal: true)).Error);
        }

        api.Answer(Wire.Instances());
        Assert.Equal(new CommandLineRun(ExitCode.Ok, "", ""), await api.RunAsync(typed.Split(' ')));
    }

    [Fact]
    public async Task Who_watches_an_empty_list_is_told_once_in_its_place()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(), Wire.Instances(), Wire.Instances(Wire.Hello));
        var run = await CommandLineRun.StartAsync(api.Environment, ["instances", "list", "--watch=1ms"], "", terminal: true);
        Assert.StartsWith("\e[H\e[2JNo instances. Make one: wisp run IMAGE\n\e[H\e[2J", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("No instances", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_instance_is_shown_in_full_with_its_url()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        var run = await api.RunAsync("instances", "get", "hello");
        Assert.Contains("service.urls:                http://127.0.0.1:8080 tcp://[::1]:5432", run.Lines);
        Assert.Contains("env:                         'A=x y'", run.Lines);
        Assert.Contains("scale-to-zero.cooldown-time: 1000 ms", run.Lines);
    }

    [Fact]
    public async Task Quiet_prints_names()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        Assert.Equal("hello\n", (await api.RunAsync("instances", "list", "-o", "quiet")).Output);
    }

    [Fact]
    public async Task Json_of_a_list_is_an_array_of_the_fields()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        using var json = JsonDocument.Parse((await api.RunAsync("instances", "list", "-o", "json")).Output);
        var hello = json.RootElement[0];
        Assert.Equal("128MiB", hello.GetProperty("resources").GetProperty("memory").GetString());
        Assert.Equal(1000, hello.GetProperty("scale-to-zero").GetProperty("cooldown-time").GetInt32());
        Assert.Equal("web.localhost", hello.GetProperty("service").GetProperty("domains")[0].GetProperty("fqdn").GetString());
        Assert.Equal("x y", hello.GetProperty("env").GetProperty("A").GetString());
    }

    [Fact]
    public async Task Json_of_one_is_an_object_and_of_an_empty_list_an_empty_array()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances());
        using var one = JsonDocument.Parse((await api.RunAsync("instances", "get", "hello", "-o", "json")).Output);
        Assert.Equal("hello", one.RootElement.GetProperty("name").GetString());
        Assert.Equal("[]\n", (await api.RunAsync("instances", "list", "-o", "json")).Output);
    }

    [Fact]
    public async Task Json_has_no_failed_items()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello, Wire.Absent("nope")));
        using var json = JsonDocument.Parse((await api.RunAsync("instances", "get", "hello", "nope", "-o", "json")).Output);
        Assert.Equal(1, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Raw_is_the_answer_as_it_came()
    {
        var answer = Wire.Instances(Wire.Hello, Wire.Absent("nope"));
        await using var api = await CannedApi.StartAsync(answer);
        Assert.Equal(answer + "\n", (await api.RunAsync("instances", "get", "hello", "nope", "-o", "raw")).Output);
    }

    [Fact]
    public async Task Status_of_a_server_elsewhere_counts_its_instances()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello, Wire.Hello));
        using var json = JsonDocument.Parse((await api.RunAsync("status", "-o", "json")).Output);
        Assert.Equal(2, json.RootElement.GetProperty("instances").GetProperty("standby").GetInt32());
        Assert.Equal(api.Environment["WISP_ENDPOINT"], json.RootElement.GetProperty("endpoint").GetString());
    }

    [Theory]
    [InlineData(200, "/v1/instances", ExitCode.Ok)]
    [InlineData(401, "/v1/instances", ExitCode.NotAuthorised)]
    [InlineData(404, "/v1/nope", ExitCode.NotFound)]
    [InlineData(500, "/v1/instances", ExitCode.Failed)]
    public async Task A_raw_call_prints_the_body_and_exits_by_the_status(int status, string path, int code)
    {
        await using var api = await CannedApi.RefusingAsync(status, """{"status":"success","op_time_us":1}""");
        var run = await api.RunAsync("api", path["/v1/".Length..]);
        Assert.Equal((code, """{"status":"success","op_time_us":1}""" + "\n"), (run.ExitCode, run.Output));
        Assert.Equal(("GET", path, "Bearer secret"), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Authorization));
    }

    [Fact]
    public async Task A_raw_call_whose_item_failed_exits_by_its_code()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Absent("x")));
        Assert.Equal(ExitCode.NotFound, (await api.RunAsync("api", "-X", "delete", "/v1/instances", "name=x")).ExitCode);
        Assert.Equal(("DELETE", """{"name":"x"}"""), (api.Requests[0].Method, api.Requests[0].Body));
    }
}
