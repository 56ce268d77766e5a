using Wisp.Cli.Output;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What is written, by flags, fields and files.</summary>
public sealed class WritingTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("wisp-cli-test-");

    public void Dispose() => _files.Delete(recursive: true);

    [Theory]
    [InlineData("""{"image":"hello","autostart":false,"memory_mb":256,"tags":["a","b"],"env":{"A":"1","B":"x,y=z"}}""",
        "--set", "resources.memory=256MiB", "--set", "tags=a", "--set", "tags=b", "--set", "env=A=1", "--add", "env=B=x,y=z")]
    [InlineData("""{"image":"hello","autostart":false,"scale_to_zero":{"policy":"on","cooldown_time_ms":5000,"stateful":true}}""",
        "--set", "scale-to-zero.policy=on", "--set", "scale-to-zero.cooldown-time=5s", "--set", "scale-to-zero.stateful=on")]
    [InlineData("""{"image":"hello","autostart":false,"schedules":[{"name":"n","when":"Mon,Tue 22:00","action":"stop"}]}""", "--schedule", "name=n,when=Mon,Tue 22:00,action=stop")]
    [InlineData("""{"image":"hello","autostart":false,"volumes":[{"name":"data","at":"/data","readonly":true},{"name":"big","at":"/b","size_mb":10240}]}""", "-v", "data:/data:ro", "-v", "big:/b:size=10GiB")]
    [InlineData("""{"image":"hello","autostart":false,"roms":[{"name":"r","at":"/r","image":"rom:1"}],"plugins":[{"name":"p","image":"i","config":{"a":[1,2]}}]}""",
        "--rom", "name=r,image=rom:1,at=/r", "--plugin", """name=p,image=i,config={"a":[1,2]}""")]
    [InlineData("""{"image":{"url":"hello","pull_policy":"never"},"autostart":false,"type":"micro","gpus":1,"args":["a","b"],"hostname":"h","annotations":{"n":"v"},"sched_priority":"high","features":["delete-on-stop"]}""",
        "--pull-policy", "never", "--type", "micro", "--gpus", "1", "--args", "a", "--args", "b", "--hostname", "h", "--annotation", "n=v", "--sched-priority", "high", "--feature", "delete-on-stop")]
    [InlineData("""{"image":"hello","autostart":false,"dependencies":[{"name":"db"},{"name":"cache"}]}""", "--set", "dependencies=db", "--set", "dependencies=cache")]
    [InlineData("""{"image":"hello","autostart":false,"tags":["b"]}""", "--tag", "a", "--tag", "b", "--del", "tags=a")]
    public async Task A_new_instance_is_as_it_was_typed(string body, params string[] options)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        var run = await api.RunAsync(["instances", "create", "hello", .. options]);
        Assert.Equal("", run.Error);
        Assert.Equal(("POST", "/v1/instances", body), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Body));
    }

    [Theory]
    [InlineData("""[{"name":"a","id":"env","prop":"env","op":"add","value":{"A":"1","B":"2"}},{"name":"a","id":"memory_mb","prop":"memory_mb","op":"set","value":256}]""", "-m", "256MiB", "-e", "A=1", "-e", "B=2")]
    [InlineData("""[{"name":"a","id":"env","prop":"env","op":"del","value":["A","B"]},{"name":"a","id":"hostname","prop":"hostname","op":"del"}]""", "--del", "env=A", "--del", "env=B", "--del", "hostname")]
    [InlineData("""[{"name":"a","id":"scale_to_zero","prop":"scale_to_zero","op":"set","value":{"policy":"on","cooldown_time_ms":5000}}]""", "--set", "scale-to-zero.policy=on", "--set", "scale-to-zero.cooldown-time=5s")]
    [InlineData("""[{"name":"a","id":"scale_to_zero","prop":"scale_to_zero","op":"set","value":{"cooldown_time_ms":5000}}]""", "--scale-to-zero", "cooldown-time=5s")]
    [InlineData("""[{"name":"a","id":"scale_to_zero","prop":"scale_to_zero","op":"set","value":{"notify_time_ms":10,"policy":"idle"}}]""", "--scale-to-zero", "notify-time=10,idle")]
    [InlineData("""[{"name":"a","id":"args","prop":"args","op":"set","value":["serve","-v"]}]""", "--args", "serve", "--set", "args=-v")]
    [InlineData("""[{"name":"a","id":"schedules","prop":"schedules","op":"add","value":[{"name":"n","when":"22:00","action":"stop"}]}]""", "--add", "schedules=name=n,when=22:00,action=stop")]
    [InlineData("""[{"name":"a","id":"restart_policy","prop":"restart_policy","op":"set","value":"always"},{"name":"a","id":"delete_lock","prop":"delete_lock","op":"set","value":true}]""", "--set", "restart.policy=always", "--set", "delete-lock=on")]
    [InlineData("""[{"name":"a","id":"sched_priority","prop":"sched_priority","op":"set","value":"high"}]""", "--sched-priority", "high")]
    [InlineData("""[{"name":"a","id":"dependencies","prop":"dependencies","op":"add","value":[{"name":"db"}]},{"name":"a","id":"dependencies","prop":"dependencies","op":"del","value":[{"name":"old"}]}]""",
        "--add", "dependencies=db", "--del", "dependencies=old")]
    public async Task A_change_is_as_it_was_typed(string body, params string[] options)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Moved("a", "stopped")));
        var run = await api.RunAsync(["instances", "edit", "a", .. options]);
        Assert.Equal("", run.Error);
        Assert.Equal(("PATCH", "/v1/instances", body), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Body));
    }

    [Theory]
    [InlineData("a: scale_to_zero waits for its next stop: wisp instances stop a && wisp instances start a\n", "scale_to_zero")]
    [InlineData("", "env")]
    public async Task A_change_that_waits_is_said_to(string said, string waits)
    {
        await using var api = await CannedApi.StartAsync(
            Wire.Instances(Wire.Moved("a", "standby")), Wire.Instances($$"""{"status":"success","name":"a","updates":[{"prop":"{{waits}}","op":"set","status":"pending"}]}"""));
        var run = await api.RunAsync("instances", "edit", "a", "--set", "scale-to-zero.cooldown-time=5s");
        Assert.Equal((said, 0), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task Volumes_come_and_go_by_calls_of_their_own()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Hello));
        await api.RunAsync("instances", "edit", "a", "--add", "volumes=data:/data:ro", "--del", "volumes=old");
        Assert.Equal(("PUT", "/v1/volumes/attach", """[{"name":"data","at":"/data","readonly":true,"attach_to":{"name":"a"}}]"""), (api.Requests[0].Method, api.Requests[0].Path, api.Requests[0].Body));
        Assert.Equal(("PUT", "/v1/volumes/detach", """[{"name":"old","from":{"name":"a"}}]"""), (api.Requests[1].Method, api.Requests[1].Path, api.Requests[1].Body));
    }

    [Fact]
    public async Task A_service_group_is_edited()
    {
        await using var api = await CannedApi.StartAsync(Wire.Services(Wire.Moved("web", "")));
        await api.RunAsync("services", "edit", "web", "--service", "443:8080/http+tls", "--domain", "shop", "--hard-limit", "20", "--remove-service", "80");
        Assert.Equal(
            """[{"name":"web","id":"services","prop":"services","op":"add","value":[{"port":443,"destination_port":8080,"handlers":["http","tls"]}]},{"name":"web","id":"services","prop":"services","op":"del","value":[80]},{"name":"web","id":"domains","prop":"domains","op":"add","value":[{"name":"shop"}]},{"name":"web","id":"hard_limit","prop":"hard_limit","op":"set","value":20}]""",
            api.Requests[0].Body);
    }

    [Theory]
    [InlineData("instances create hello --set nothing=1", "error: There is no field 'nothing' to write.\n  next: Those that can be written are name, image,")]
    [InlineData("instances create hello --set delete-lock=on", "error: 'delete-lock' cannot be given when it is made.")]
    [InlineData("instances edit a --set name=b", "error: 'name' cannot be changed.\n  next: Those that can are image,")]
    [InlineData("instances create hello --set resources.memory=much", "error: 'much' is not a size of memory.")]
    [InlineData("instances create hello --set tags", "error: 'tags' does not say what to set.")]
    [InlineData("instances create hello --set-file tags=/no/such", "error: Cannot read '/no/such': ")]
    [InlineData("instances create --load /no/such", "error: Cannot read '/no/such': ")]
    public async Task What_cannot_be_written_is_refused_before_anything_is_sent(string line, string error)
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_dry_run_prints_the_request_and_sends_nothing()
    {
        await using var api = await CannedApi.StartAsync();
        var create = await api.RunAsync("run", "hello", "-n", "a", "--dry-run");
        Assert.Equal((ExitCode.Ok, "Not sent: POST /v1/instances\n"), (create.ExitCode, create.Error));
        Assert.Contains("\"name\": \"a\"", create.Output, StringComparison.Ordinal);
        var edit = await api.RunAsync("instances", "edit", "a", "--tag", "x", "--dry-run", "-o", "yaml");
        Assert.Equal("Not sent: PATCH /v1/instances\n", edit.Error);
        Assert.StartsWith("- name: a\n", edit.Output, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task What_is_saved_is_loaded_as_the_same_request()
    {
        var file = Path.Combine(_files.FullName, "hello.yaml");
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web), Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        await api.RunAsync(
            "instances", "create", "hello", "-n", "a", "-m", "256MiB", "-e", "A=1", "-e", "B=true", "-p", "8080:80", "--domain", "shop", "--scale-to-zero", "policy=on,stateful=true,cooldown-time=5000",
            "--tag", "x", "--restart", "always", "--autokill", "1h", "--schedule", "name=n,when=22:00,action=stop", "--save", file);
        Assert.Contains("scale-to-zero:\n  policy: \"on\"\n", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        await api.RunAsync("instances", "create", "--load", file);
        var (first, second) = (Members(api.Requests[0].Body), Members(api.Requests[2].Body));
        Assert.Equal(first, second);

        // What is typed outweighs the file.
        var typed = await api.RunAsync("instances", "create", "other", "--load", file, "-n", "b", "--dry-run");
        Assert.Contains("\"image\": \"other\"", typed.Output, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"b\"", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_is_shown_as_yaml_can_be_made_again()
    {
        var file = Path.Combine(_files.FullName, "shown.yaml");
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        await File.WriteAllTextAsync(file, (await api.RunAsync("instances", "get", "hello", "-o", "yaml")).Output);
        var again = await api.RunAsync("instances", "create", "--load", file, "-n", "again", "--dry-run", "-o", "yaml");
        Assert.Equal(ExitCode.Ok, again.ExitCode);
        Assert.Contains("memory_mb: 128\n", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("standby", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list: of\n  bad: x", "is not YAML")]
    [InlineData("just text", "has no fields with values")]
    [InlineData("image: x\nnothing: 1", "There is no field 'nothing' to write.")]
    [InlineData("image: x\nresources: {memory: much}", "resources.memory: 'much' is not a size of memory.")]
    public async Task A_file_that_is_wrong_is_named(string text, string error)
    {
        var file = Path.Combine(_files.FullName, "wrong.yaml");
        await File.WriteAllTextAsync(file, text);
        var run = await CommandLineRun.StartAsync("instances", "create", "--load", file);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedules_have_commands_of_their_own()
    {
        var item = Wire.Hello.Replace("\"vcpus\":1", "\"vcpus\":1,\"schedules\":[{\"name\":\"night\",\"when\":\"22:00\",\"action\":\"stop\"}]", StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(Wire.Instances(item), Wire.Instances(Wire.Moved("hello", "")), Wire.Instances(Wire.Moved("hello", "")));
        Assert.Equal(["INSTANCE  NAME   WHEN   ACTION  NEXT", "hello     night  22:00  stop"], (await api.RunAsync("schedules", "list")).Lines);
        await api.RunAsync("schedules", "create", "hello", "day", "--when", "Mon..Fri 08:00", "--action", "start");
        await api.RunAsync("schedules", "delete", "hello", "day", "night");
        Assert.Equal("""[{"name":"hello","id":"schedules","prop":"schedules","op":"add","value":[{"name":"day","when":"Mon..Fri 08:00","action":"start"}]}]""", api.Requests[1].Body);
        Assert.Equal("""[{"name":"hello","id":"schedules","prop":"schedules","op":"del","value":["day","night"]}]""", api.Requests[2].Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("yes")]
    [InlineData("1.5")]
    [InlineData("a: b")]
    [InlineData("- x")]
    [InlineData("# no comment")]
    [InlineData("two\nlines\n")]
    [InlineData(" around ")]
    [InlineData("ümlaut \"quoted\" 'too'")]
    [InlineData("{{.name}}")]
    [InlineData("010")]
    public void Text_survives_yaml(string text)
    {
        var tree = new System.Text.Json.Nodes.JsonObject { ["a"] = text, ["b"] = new System.Text.Json.Nodes.JsonArray(text, 1, true, null) };
        Assert.Equal(tree.ToJsonString(), Yaml.Read(Yaml.Write(tree)).Value!.ToJsonString());
    }

    private static IReadOnlyList<string> Members(string body)
    {
        using var document = System.Text.Json.JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateObject().Select(member => $"{member.Name}={member.Value.GetRawText()}").Order(StringComparer.Ordinal)];
    }
}
