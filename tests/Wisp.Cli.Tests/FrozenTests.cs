using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>Templates, checkpoints, branches and snapshots on the command line.</summary>
public sealed class FrozenTests
{
    private const string Template =
        """
        {"status":"success","uuid":"11111111-2222-3333-4444-555555555555","name":"base","state":"template","image":"hello@sha256:159beaef1d10f56c2b35dac1c15cba470fd4ba55a6a2c5869d4e5f7ac95a9afe","memory_mb":128,"vcpus":1,"snapshot":{"uuid":"22222222-2222-3333-4444-555555555555"},"template_autokill":{"time_ms":3600000},"tags":["a","b"]}
        """;

    private const string Snapshot =
        """
        {"status":"success","uuid":"22222222-2222-3333-4444-555555555555","kind":"template","source":"base","memory_bytes":134217728,"own_bytes":1048576,"shared_bytes":2097152,"layers":["33333333-2222-3333-4444-555555555555"],"users":["instance a","template base"],"copies_by":"reflink"}
        """;

    [Theory]
    [InlineData("templates create a", "POST", "/v1/instances/templates", """[{"name":"a","timeout_s":60}]""")]
    [InlineData("templates create a b --autokill 1h --timeout 5s", "POST", "/v1/instances/templates", """[{"name":"a","timeout_s":5,"autokill":{"time_ms":3600000}},{"name":"b","timeout_s":5,"autokill":{"time_ms":3600000}}]""")]
    [InlineData("instances template a", "POST", "/v1/instances/templates", """[{"name":"a","timeout_s":60}]""")]
    [InlineData("instances template create a", "POST", "/v1/instances/templates", """[{"name":"a","timeout_s":60}]""")]
    [InlineData("instances template list", "GET", "/v1/instances/templates", "")]
    [InlineData("templates get a", "GET", "/v1/instances/templates", """[{"name":"a"}]""")]
    [InlineData("templates rm a b", "DELETE", "/v1/instances/templates", """[{"name":"a"},{"name":"b"}]""")]
    [InlineData("checkpoints create a -n b --tag x --autokill time=30m", "POST", "/v1/instances/checkpoints", """{"from":{"name":"a"},"timeout_s":60,"name":"b","tags":["x"],"autokill":{"time_ms":1800000}}""")]
    [InlineData("instances checkpoint a", "POST", "/v1/instances/checkpoints", """{"from":{"name":"a"},"timeout_s":60}""")]
    [InlineData("checkpoints history a", "GET", "/v1/instances/checkpoints/history", """[{"name":"a"}]""")]
    [InlineData("instances history a", "GET", "/v1/instances/history", """[{"name":"a"}]""")]
    [InlineData("checkpoints delete a", "DELETE", "/v1/instances/checkpoints", """[{"name":"a"}]""")]
    [InlineData("instances start a --cold", "PUT", "/v1/instances/start", """[{"name":"a","timeout_s":60,"cold":true}]""")]
    [InlineData("snapshots list", "GET", "/v1/snapshots", "")]
    [InlineData("snapshots inspect 22222222-2222-3333-4444-555555555555", "GET", "/v1/snapshots", """[{"uuid":"22222222-2222-3333-4444-555555555555"}]""")]
    [InlineData("snapshots gc", "POST", "/v1/snapshots/gc", "")]
    public async Task A_command_is_one_call(string line, string method, string path, string body)
    {
        await using var api = await CannedApi.StartAsync(line.StartsWith("snapshots", StringComparison.Ordinal) ? Snapshots(Snapshot) : Wire.Instances(Template));
        var run = await api.RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var request = Assert.Single(api.Requests);
        Assert.Equal((method, path, body), (request.Method, request.Path, request.Body));
    }

    [Theory]
    [InlineData("run --template base -n a -p 8081:80 --replicas 2", """{"template":{"name":"base"},"autostart":true,"name":"a","replicas":2,"scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":1000},"service_group":{"services":[{"port":8081,"destination_port":80,"handlers":["http"],"ip":"127.0.0.1"}]},"timeout_s":60}""")]
    [InlineData("run --checkpoint before --no-start", """{"checkpoint":{"name":"before"},"autostart":false}""")]
    [InlineData("run --branch 11111111-2222-3333-4444-555555555555 --no-start", """{"branch_from":{"uuid":"11111111-2222-3333-4444-555555555555"},"autostart":false}""")]
    [InlineData("run hello --cold --rm --no-start", """{"image":"hello","autostart":false,"features":["delete-on-stop"],"cold":true}""")]
    [InlineData("instances create --template base --replicas 100 --autostart", """{"template":{"name":"base"},"autostart":true,"replicas":100,"timeout_s":60}""")]
    [InlineData("instances create hello --autokill 1h", """{"image":"hello","autostart":false,"autokill":{"time_ms":3600000}}""")]
    [InlineData("instances branch web -n a --no-start", """{"branch_from":{"name":"web"},"autostart":false,"name":"a"}""")]
    public async Task What_an_instance_begins_from_is_said_as_it_was_typed(string line, string body)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello, Wire.Hello));
        await api.RunAsync(line.Split(' '));
        Assert.Equal(("POST", "/v1/instances", body), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Body));
    }

    [Theory]
    [InlineData("run", "There is nothing to make an instance of.")]
    [InlineData("run hello --template base", "An image ('hello') and what is frozen exclude each other.")]
    [InlineData("run --template base --checkpoint before", "--template, --checkpoint and --branch exclude each other.")]
    public async Task An_instance_begins_from_one_thing(string line, string message)
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task An_edit_is_a_change_for_each_property_and_name()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "template")));
        await api.RunAsync("templates", "edit", "a", "--tag", "x", "--remove-tag", "y", "--delete-lock", "off", "--autokill", "off");
        Assert.Equal(("PATCH", "/v1/instances/templates"), (api.Requests[0].Method, api.Requests[0].Path));
        Assert.Equal(
            """[{"name":"a","id":"tags","prop":"tags","op":"add","value":["x"]},{"name":"a","id":"tags","prop":"tags","op":"del","value":["y"]},{"name":"a","id":"delete_lock","prop":"delete_lock","op":"set","value":false},{"name":"a","id":"autokill","prop":"autokill","op":"set","value":{"time_ms":0}}]""",
            api.Requests[0].Body);
        Assert.Equal(ExitCode.Usage, (await api.RunAsync("instances", "edit", "a")).ExitCode);
    }

    [Fact]
    public async Task A_wait_for_a_checkpoint_looks_until_it_is_made()
    {
        await using var api = await CannedApi.StartAsync(
            Wire.Instances(Template.Replace("\"template\"", "\"starting\"", StringComparison.Ordinal)), Wire.Instances(Template.Replace("\"template\"", "\"checkpoint\"", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Ok, (await api.RunAsync("checkpoints", "wait", "base")).ExitCode);
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Templates_are_a_table_and_one_of_them_is_shown_in_full()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Template), Wire.Instances(Template), Wire.Instances(Template));
        var list = await api.RunAsync("templates", "list");
        Assert.Equal(["NAME", "STATE", "IMAGE", "MEMORY", "KEPT", "CREATED"], list.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("1h0m after its last use", list.Lines[1], StringComparison.Ordinal);
        var one = await api.RunAsync("templates", "get", "base");
        Assert.Contains("22222222-2222-3333-4444-555555555555", one.Output, StringComparison.Ordinal);
        Assert.Equal("base", (await api.RunAsync("templates", "list", "-o", "quiet")).Lines.Single());
    }

    [Fact]
    public async Task A_history_names_the_ancestors()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances("""{"status":"success","name":"web","history":[{"uuid":"1","name":"two","created_at":"2020-01-01T00:00:00Z"},{"uuid":"2","name":"one","created_at":"2020-01-01T00:00:00Z"}]}"""));
        Assert.Matches("web +two one +\\d+d ago \\d+d ago", (await api.RunAsync("instances", "history", "web")).Lines[1]);
    }

    [Fact]
    public async Task Snapshots_say_who_needs_them_and_what_they_share()
    {
        await using var api = await CannedApi.StartAsync(Snapshots(Snapshot), Snapshots(Snapshot));
        var list = await api.RunAsync("snapshots", "list");
        Assert.Equal(["SNAPSHOT", "KIND", "OF", "OWN", "SHARED", "NEEDED", "BY", "CREATED"], list.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("1 MiB", list.Lines[1], StringComparison.Ordinal);
        Assert.Contains("instance a,", list.Lines[1], StringComparison.Ordinal);
        Assert.Contains("reflink: the filesystem shares equal pages", (await api.RunAsync("snapshots", "inspect", "22222222-2222-3333-4444-555555555555")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_templates_are_completed()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Template));
        Assert.Contains("base", (await api.RunAsync("[suggest:14]", "templates get ")).Lines);
        Assert.Equal("/v1/instances/templates?details=false", api.Requests[0].Path);
    }

    private static string Snapshots(string item) => $$"""{"status":"success","data":{"snapshots":[{{item}}]},"op_time_us":1}""";
}
