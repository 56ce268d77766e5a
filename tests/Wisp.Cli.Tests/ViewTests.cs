using System.Text.Json;
using Wisp.Cli.Output;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>Which fields are shown of which items, in which order and form.</summary>
public sealed class ViewTests
{
    private static readonly string Three = Wire.Instances(
        Item("a", "running", 128, "2026-01-03T00:00:00Z"), Item("b", "standby", 1024, "2026-01-01T00:00:00Z"), Item("c", "running", 256, "2026-01-02T00:00:00Z"));

    [Theory]
    [InlineData("a c", "--filter", "state==running")]
    [InlineData("b", "--filter", "state!=running")]
    [InlineData("b c", "--filter", "resources.memory>=256MiB")]
    [InlineData("c", "--filter", "resources.memory > 128MiB", "--filter", "state==running")]
    [InlineData("b", "--filter", "resources.memory==1GiB")]
    [InlineData("a b", "--filter", "name~=^[ab]$")]
    [InlineData("a", "--filter", "tags==only-a")]
    [InlineData("b c", "--filter", "tags!=only-a")]
    [InlineData("a", "--filter", "timestamps.created>2026-01-02T12:00:00Z")]
    [InlineData("", "--filter", "name==nobody")]
    [InlineData("a c b", "--sort", "resources.memory")]
    [InlineData("b c a", "--sort", "-resources.memory")]
    [InlineData("b c a", "--sort=timestamps.created")]
    [InlineData("a c b", "--sort", "state,-timestamps.created")]
    [InlineData("c a b", "--sort", "state", "--sort", "timestamps.created")]
    public async Task A_list_is_filtered_and_sorted(string names, params string[] options)
    {
        await using var api = await CannedApi.StartAsync(Three);
        var run = await api.RunAsync(["instances", "list", "-o", "quiet", .. options]);
        Assert.Equal((ExitCode.Ok, "", names), (run.ExitCode, run.Error, string.Join(' ', run.Lines)));
    }

    [Theory]
    [InlineData("name|state", "-f", "name", "-f", "state")]
    [InlineData("state|name", "-f", "state,name")]
    [InlineData("name|state|image|memory|service|address|created|vcpus", "-f", "+resources.vcpus")]
    [InlineData("name|memory|service|address|created", "-f", "-image", "-f=-state")]
    [InlineData("memory|vcpus", "-f", "resources")]
    public async Task Fields_are_those_that_were_asked_for(string headings, params string[] options)
    {
        await using var api = await CannedApi.StartAsync(Three);
        var run = await api.RunAsync(["instances", "list", .. options]);
        Assert.Equal("", run.Error);
        Assert.Equal(headings.ToUpperInvariant(), string.Join('|', run.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task All_are_all_fields()
    {
        await using var api = await CannedApi.StartAsync(Three);
        var run = await api.RunAsync("instances", "list", "-o", "kv", "-f", "all");
        Assert.Equal(3, run.Lines.Count(line => line.StartsWith("tags:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("-f", "nothing")]
    [InlineData("--filter", "nothing==1")]
    [InlineData("--sort", "nothing")]
    public async Task A_field_that_is_none_is_refused_before_anything_is_asked(params string[] options)
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync(["instances", "list", .. options]);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("error: There is no field 'nothing'.\n  next: Fields are name, uuid,", run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("==x")]
    [InlineData("name~=(")]
    public async Task A_condition_that_is_none_is_wrong_usage(string condition) =>
        Assert.Equal(ExitCode.Usage, (await CommandLineRun.StartAsync("instances", "list", "--filter", condition)).ExitCode);

    [Fact]
    public async Task Yaml_has_what_json_has()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Hello), Wire.Instances(Wire.Hello));
        var yaml = await api.RunAsync("instances", "get", "hello", "-o", "yaml");
        var json = await api.RunAsync("instances", "get", "hello", "-o", "json");
        using var parsed = JsonDocument.Parse(json.Output);
        Assert.Equal(JsonSerializer.Serialize(parsed), Yaml.Read(yaml.Output).Value!.ToJsonString());
        Assert.Contains("resources:\n  memory: 128MiB\n  vcpus: 1\n", yaml.Output, StringComparison.Ordinal);
        Assert.StartsWith("- name: hello\n", (await api.RunAsync("instances", "list", "-o", "yaml")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{.name}} has {{.resources.memory}}", "hello has 128MiB\n")]
    [InlineData(@"{{.name}}\t{{ .service.domains.fqdn }}", "hello\tweb.localhost\n")]
    [InlineData("{{json .scale-to-zero}}", "{\"policy\":\"on\",\"stateful\":true,\"cooldown-time\":1000,\"notify-time\":0}\n")]
    [InlineData("{{.nothing}}!", "!\n")]
    public async Task A_template_is_a_line_an_item(string template, string line)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        Assert.Equal(line, (await api.RunAsync("instances", "list", "-o", "template=" + template)).Output);
    }

    [Theory]
    [InlineData("template=")]
    [InlineData("template={{range .x}}")]
    [InlineData("template={{name}}")]
    public async Task A_template_that_is_none_is_wrong_usage(string form) => Assert.Equal(ExitCode.Usage, (await CommandLineRun.StartAsync("instances", "list", "-o", form)).ExitCode);

    [Fact]
    public async Task A_table_fits_a_hundred_columns_where_there_is_no_terminal_and_keeps_its_keys()
    {
        var users = string.Join(',', Enumerable.Range(0, 40).Select(number => $"\"instance number-{number}\""));
        var snapshot = $$"""{"status":"success","uuid":"22222222-2222-3333-4444-555555555555","kind":"checkpoint","source":"a-name-that-is-quite-long-and-goes-on-for-a-while","memory_bytes":134217728,"own_bytes":104857600,"shared_bytes":209715200,"users":[{{users}}],"created_at":"2026-01-01T00:00:00Z"}""";
        await using var api = await CannedApi.StartAsync($$"""{"status":"success","data":{"snapshots":[{{snapshot}}]},"op_time_us":1}""");
        var run = await api.RunAsync("snapshots", "list");
        Assert.Equal(2, run.Lines.Count);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.StartsWith("22222222-2222-3333-4444-555555555555  checkpoint  ", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("100 MiB", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_watches_sees_each_change_once()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Item("a", "running", 128)), Wire.Instances(Item("a", "running", 128)), Wire.Instances(Item("a", "standby", 128)));
        // Ends when the server has nothing left to say.
        var run = await api.RunAsync("instances", "list", "--watch=10ms", "-f", "name,state");
        Assert.Equal("NAME  STATE\na     running\n\nNAME  STATE\na     standby\n", run.Output);
        Assert.Equal(4, api.Requests.Count);
    }

    [Fact]
    public async Task Stop_reasons_are_words()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(
            """{"status":"success","name":"a","state":"stopped","stop_reason":1,"stop_code":818948}""", """{"status":"success","name":"b","state":"stopped","stop_reason":15,"exit_code":0}""",
            """{"status":"success","name":"c","state":"stopped","stop_reason":3,"exit_code":3}"""));
        var run = await api.RunAsync("instances", "list", "-o", "template={{.name}}: {{.stop.origin}}, {{.stop.reason}}, {{.stop.errno}}");
        Assert.Equal(["a: kernel, page fault, ENOMEM", "b: user, stopped, ", "c: application, exited, "], run.Lines);
    }

    private static string Item(string name, string state, int memory, string created = "2026-01-01T00:00:00Z") =>
        $$"""{"status":"success","uuid":"11111111-2222-3333-4444-55555555555{{name}}","name":"{{name}}","state":"{{state}}","image":"x","memory_mb":{{memory}},"vcpus":1,"service_group":{"name":"s"},"private_ip":"10.0.0.1","created_at":"{{created}}","tags":["only-{{name}}","all"]}""";
}
