using System.Text.RegularExpressions;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>What is written as a document, in an editor or by a command: <c>--visual</c> and <c>--cmd</c>.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("wisp-cli-test-");

    public void Dispose() => _files.Delete(recursive: true);

    [Fact]
    public async Task A_new_instance_is_what_the_command_printed()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        var run = await api.RunAsync(
            "instances", "create", "hello", "-n", "a", "-m", "256MiB", "-e", "A=1", "-p", "8080:80", "--tag", "x", "--cmd", "sed -e 's/^name: a/name: b/' -e 's/memory: 256/memory: 1GiB/' -e '/^tags:/,/^- x/d'");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """{"name":"b","image":"hello","env":{"A":"1"},"memory_mb":1024,"service_group":{"services":[{"port":8080,"destination_port":80,"handlers":["http"],"ip":"127.0.0.1"}]},"scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":1000},"autostart":false}""",
            api.Requests[0].Body);
    }

    [Theory]
    [InlineData("instances create hello --cmd", Sent)]
    [InlineData("services create --service 80:80 --cmd", """{"services":[{"port":80,"destination_port":80,"handlers":["http"],"ip":"127.0.0.1"}]}""")]
    [InlineData("volumes create -n data --size 1GiB --cmd", """{"name":"data","size_mb":1024}""")]
    public async Task Every_command_that_makes_something_has_it(string line, string body)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Services(Wire.Web));
        Assert.Equal("", (await api.RunAsync([.. line.Split(' '), "cat"])).Error);
        Assert.Equal(body, api.Requests[0].Body);
        Assert.Equal("Nothing is written; nothing was sent.\n", (await api.RunAsync([.. line.Split(' '), "cat >/dev/null"])).Error);
        Assert.DoesNotContain(api.Requests.Skip(1), request => request.Method == "POST");
    }

    [Theory]
    [InlineData("cat", null, "Nothing was changed; instance 'hello' is as it was.\n")]
    [InlineData("cat >/dev/null", null, "Nothing is written; instance 'hello' is as it was.\n")]
    [InlineData("sed 's/memory: 128/memory: 128MiB/'", null, "Nothing was changed; instance 'hello' is as it was.\n")]
    [InlineData("sed 's/memory: 128/memory: 256MiB/'", """[{"name":"hello","id":"memory_mb","prop":"memory_mb","op":"set","value":256}]""", "")]
    [InlineData("sed 's/A: x y/B: new/'", """[{"name":"hello","id":"env","prop":"env","op":"set","value":{"B":"new"}}]""", "")]
    [InlineData("sed '/^env/,/A: x y/d'", """[{"name":"hello","id":"env","prop":"env","op":"del"}]""", "")]
    [InlineData("sed 's/cooldown-time: 1000/cooldown-time: 5s/'", """[{"name":"hello","id":"scale_to_zero","prop":"scale_to_zero","op":"set","value":{"policy":"on","stateful":true,"cooldown_time_ms":5000,"notify_time_ms":0}}]""", "")]
    [InlineData("cat; echo 'tags: [a, b]'; echo 'delete-lock: true'", """[{"name":"hello","id":"tags","prop":"tags","op":"set","value":["a","b"]},{"name":"hello","id":"delete_lock","prop":"delete_lock","op":"set","value":true}]""", "")]
    public async Task Of_what_is_edited_the_changes_are_sent_and_nothing_without_any(string command, string? body, string error)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Moved("hello", "stopped")));
        var run = await api.RunAsync("instances", "edit", "hello", "--cmd", command);
        Assert.Equal((ExitCode.Ok, error), (run.ExitCode, run.Error));
        Assert.Equal(body, api.Requests.ElementAtOrDefault(1)?.Body);
    }

    [Fact]
    public async Task A_service_group_is_a_document_too()
    {
        var web = Wire.Web.Replace("\"persistent\"", "\"domains\":[{\"fqdn\":\"web.localhost\"}],\"persistent\"", StringComparison.Ordinal);
        await using var api = await CannedApi.StartAsync(Wire.Services(web), Wire.Services(Wire.Moved("web", "")));
        await api.RunAsync("services", "edit", "web", "--cmd", "sed -e 's/name: web.localhost./name: shop/' -e 's/port: 8080/port: 8081/'");
        Assert.Equal(
            """[{"name":"web","id":"services","prop":"services","op":"set","value":[{"port":8081,"destination_port":80,"protocol":"tcp","ip":"0.0.0.0","handlers":["http"]},{"port":5432,"destination_port":5432,"protocol":"tcp","ip":"::1","handlers":[]}]},{"name":"web","id":"domains","prop":"domains","op":"set","value":[{"name":"shop"}]}]""",
            api.Requests[1].Body);
    }

    [Theory]
    [InlineData("echo 'a: [b'", "is not YAML")]
    [InlineData("echo just text", "The document has no fields with values.")]
    [InlineData("echo 'name: b'", "'name' cannot be changed.")]
    [InlineData("echo 'nothing: b'", "There is no field 'nothing' to write.")]
    [InlineData("echo 'image: refused'", "No such image.")]
    public async Task What_cannot_be_read_or_is_refused_is_kept(string command, string error)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Failed("hello", 8, "No such image.")));
        var run = await api.RunAsync("instances", "edit", "hello", "--cmd", command);
        Assert.NotEqual(ExitCode.Ok, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        var file = KeptIn().Match(run.Error).Groups["file"].Value;
        Assert.Equal(command["echo ".Length..].Trim('\'') + "\n", await File.ReadAllTextAsync(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.Delete(file);
    }

    [Fact]
    public async Task What_was_to_be_made_and_is_refused_is_kept()
    {
        await using var api = await CannedApi.RefusingAsync(400, """{"status":"error","message":"No.","errors":[{"status":400}],"op_time_us":1}""");
        var run = await api.RunAsync("instances", "create", "hello", "--cmd", "cat");
        var file = KeptIn().Match(run.Error).Groups["file"].Value;
        Assert.Equal("image: hello\nautostart: false\n", await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_command_that_fails_sends_nothing()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await api.RunAsync("instances", "edit", "hello", "--cmd", "echo why >&2; exit 3");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("why\nerror: 'echo why >&2; exit 3' ended with exit code 3; nothing was sent.\n", run.Error, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("VISUAL", """[{"name":"hello","id":"memory_mb","prop":"memory_mb","op":"set","value":512}]""")]
    [InlineData("EDITOR", """[{"name":"hello","id":"memory_mb","prop":"memory_mb","op":"set","value":512}]""")]
    public async Task An_editor_is_given_the_document_with_what_is_not_set(string variable, string body)
    {
        var seen = Path.Combine(_files.FullName, "seen");
        var script = Path.Combine(_files.FullName, "editor");
        await File.WriteAllTextAsync(script, $"""test "$1" = --wait; cp "$2" {seen}; sed -i 's/memory: 128/memory: 512/' "$2" """);
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello), Wire.Instances(Wire.Moved("hello", "stopped")));
        var environment = new Dictionary<string, string>(api.Environment, StringComparer.Ordinal) { [variable] = $"sh {script} --wait" };
        var run = await CommandLineRun.StartAsync(environment, ["instances", "edit", "hello", "--visual"], "", terminal: true);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(body, api.Requests[1].Body);
        Assert.StartsWith("# instance 'hello': what is changed here is sent when the editor is left.\n# Not set: args, hostname, tags,", await File.ReadAllTextAsync(seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_editor_that_fails_sends_nothing_and_what_was_written_is_kept()
    {
        await using var api = await CannedApi.StartAsync();
        var environment = new Dictionary<string, string>(api.Environment, StringComparer.Ordinal) { ["VISUAL"] = "echo 'tags: [a]' >> $1; false" };
        var run = await CommandLineRun.StartAsync(environment, ["instances", "create", "hello", "--visual"], "", terminal: true);
        var file = KeptIn().Match(run.Error).Groups["file"].Value;
        Assert.EndsWith("image: hello\nautostart: false\ntags: [a]\n", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("instances create hello --visual", "error: --visual needs a terminal.\n  next: Let a program change the document: --cmd COMMAND\n")]
    [InlineData("instances edit hello --visual", "error: --visual needs a terminal.\n  next: Let a program change the document: --cmd COMMAND\n")]
    [InlineData("instances edit hello --cmd cat --tag a", "error: --visual and --cmd show all that can be changed; other options change it, too.\n  next: Give either.\n")]
    public async Task Where_it_cannot_be_nothing_is_asked(string line, string error)
    {
        await using var api = await CannedApi.StartAsync();
        var run = await api.RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.Failed, error), (run.ExitCode, run.Error));
        Assert.Empty(api.Requests);
    }

    private const string Sent = """{"image":"hello","autostart":false}""";

    [GeneratedRegex(@"What was written is kept in (?<file>\S+); mend it and try again with --cmd 'cat \k<file>'\.", RegexOptions.ExplicitCapture)]
    private static partial Regex KeptIn();
}
