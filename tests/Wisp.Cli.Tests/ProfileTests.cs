using System.Text.Json;
using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary>Profiles, metros, and which server a command is for.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("wisp-cli-test-");

    private string Config => Path.Combine(_home.FullName, ".config", "wisp", "config.yaml");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("", "dXNlcjprZXk=")]
    [InlineData("KRAFTCLOUD_TOKEN", "typed")]
    public async Task A_legacy_profile_is_what_kraft_is_logged_in_to(string variable, string token)
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        await WriteAsync(Config, $"profile: old\nprofiles: {{old: {{type: legacy, metro_default: \"{api.Environment["WISP_ENDPOINT"]}\"}}}}");
        await WriteAsync(Path.Combine(_home.FullName, ".config", "kraftkit", "config.yaml"), "no_prompt: false\nauth:\n  index.unikraft.io: {user: user, token: key, endpoint: index.unikraft.io, verify_ssl: true}\n");
        var run = await CommandLineRun.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _home.FullName, [variable] = "typed" }, "instances", "list", "-o", "quiet");
        Assert.Equal((ExitCode.Ok, "hello\n", ""), (run.ExitCode, run.Output, run.Error));
        Assert.Equal("Bearer " + token, api.Requests[0].Authorization);
    }

    [Theory]
    [InlineData("", "", 3, "error: Profile 'old' is kraft's, and says no metro.\n  next: Set UKC_METRO")]
    [InlineData("fra", "", 4, "error: Profile 'old' is kraft's, whose configuration cannot be read: ")]
    [InlineData("fra", "auth: {}", 4, "/config.yaml has no user and token for index.unikraft.io, which profile 'old' needs.")]
    [InlineData("fra", "auth: [", 1, " is not YAML")]
    public async Task What_a_legacy_profile_lacks_is_said(string metro, string kraft, int code, string error)
    {
        await WriteAsync(Config, $"profile: old\nprofiles: {{old: {{type: legacy, metro_default: \"{metro}\"}}}}");
        if (kraft.Length > 0)
        {
            await WriteAsync(Path.Combine(_home.FullName, ".config", "kraftkit", "config.yaml"), kraft);
        }

        var run = await CommandLineRun.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _home.FullName }, "instances", "list");
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    private static Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
    }

    [Fact]
    public async Task A_login_is_a_profile_that_is_used_from_then_on()
    {
        await using var api = await CannedApi.StartAsync();
        var address = api.Environment["WISP_ENDPOINT"];
        api.Answer("""{"status":"success","data":{"organization_name":"acme","organization_display_name":"Acme","registry":"r","organization_uuid":"u"},"op_time_us":1}""");
        api.Answer(Metros(("fra", address)));
        var login = await RunAsync("top secret\n", [], "login", "--controlplane", address, "--token", "-");
        Assert.Equal((ExitCode.Ok, $"Logged in to {address} as acme: profile 'default' in {Config}.\n"), (login.ExitCode, login.Error));
        Assert.Equal("Bearer top secret", api.Requests[0].Authorization);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Config));

        // Its metros are those that the control plane names then.
        api.Answer(Metros(("fra", address)));
        api.Answer(Wire.Instances(Wire.Hello));
        Assert.Equal("hello\n", (await RunAsync("", [], "instances", "list", "-o", "quiet")).Output);
        Assert.Equal(["/v1/auth", "/v1/metros", "/v1/metros", "/v1/instances"], api.Requests.Select(request => request.Path));

        var shown = await RunAsync("", [], "config", "get");
        Assert.Contains("organization: acme\n", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("top secret", shown.Output + (await RunAsync("", [], "profile", "get", "-o", "yaml")).Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, (await RunAsync("", [], "logout")).ExitCode);
        Assert.DoesNotContain("top secret", await File.ReadAllTextAsync(Config), StringComparison.Ordinal);
        var refused = await RunAsync("", [], "instances", "list", "--profile", "default");
        Assert.Contains("Profile 'default' has no token.\n  next: Log in: wisp login --profile default", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_refused_makes_no_profile()
    {
        await using var api = await CannedApi.RefusingAsync(401, """{"status":"error","message":"no","op_time_us":1}""");
        var login = await RunAsync("bad", [], "login", "--controlplane", api.Environment["WISP_ENDPOINT"], "--token", "-");
        Assert.Equal(ExitCode.NotAuthorised, login.ExitCode);
        Assert.False(File.Exists(Config));
    }

    [Theory]
    [InlineData("There is no server to log in to.", "login", "--token", "-")]
    [InlineData("The control plane is 'ftp://x', which is not an http or https URL.", "login", "--controlplane", "ftp://x", "--token", "-")]
    [InlineData("There is no token.", "login", "--controlplane", "http://127.0.0.1:1")]
    [InlineData("There is no profile 'nobody'", "instances", "list", "--profile", "nobody")]
    [InlineData("There is no profile 'nobody'", "profile", "use", "nobody")]
    [InlineData("There is no profile 'nobody'", "profile", "get", "nobody")]
    [InlineData("Nobody is logged in.", "logout")]
    public async Task What_is_wrong_with_a_profile_is_told(string message, params string[] line)
    {
        var run = await RunAsync("token", [], line);
        Assert.NotEqual(ExitCode.Ok, run.ExitCode);
        Assert.StartsWith("error: " + message, run.Error, StringComparison.Ordinal);
        Assert.Contains("\n  next: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_are_listed_and_chosen_and_the_node_is_always_there()
    {
        Write("profile: work\nprofiles:\n  work: {type: cloud, token: t, metros: [{name: fra, endpoint: 'http://127.0.0.1:1', unheard-of: 7}], another: x}\n  home: {token: h, metros: []}\n");
        Assert.Equal("work\nhome\nnode\n", (await RunAsync("", [], "profile", "list", "-o", "quiet")).Output);
        Assert.Equal(ExitCode.Ok, (await RunAsync("", [], "profile", "use", "home")).ExitCode);
        Assert.Equal("home\n", (await RunAsync("", [], "profile", "list", "--filter", "current==true", "-o", "quiet")).Output);
        Assert.Equal("work\n", (await RunAsync("", [("WISP_PROFILE", "work")], "profile", "get", "-o", "quiet")).Output);

        // What this program does not know is still there.
        Assert.Contains("another: x", await File.ReadAllTextAsync(Config), StringComparison.Ordinal);
        Assert.Contains("unheard-of: 7", await File.ReadAllTextAsync(Config), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_of_all_metros_and_a_name_is_looked_for_in_them()
    {
        await using var fra = await CannedApi.StartAsync();
        await using var was = await CannedApi.StartAsync();
        Write($"profile: p\nprofiles:\n  p:\n    token: t\n    metro_default: was\n    metros:\n    - {{name: fra, endpoint: '{fra.Environment["WISP_ENDPOINT"]}', location: de}}\n    - {{name: was, endpoint: '{was.Environment["WISP_ENDPOINT"]}'}}\n");

        fra.Answer(Wire.Instances(Wire.Moved("a", "running")));
        was.Answer(Wire.Instances(Wire.Moved("b", "running")));
        Assert.Equal("fra/a\nwas/b\n", (await RunAsync("", [], "instances", "list", "-o", "quiet")).Output);
        fra.Answer(Wire.Instances(Wire.Moved("a", "running")));
        was.Answer(Wire.Instances(Wire.Moved("b", "running")));
        Assert.StartsWith("METRO  NAME  ", (await RunAsync("", [], "instances", "list")).Output, StringComparison.Ordinal);

        // It is in fra; only there it is stopped.
        fra.Answer(Wire.Instances(Wire.Moved("a", "running")));
        was.Answer(Wire.Instances(Wire.Absent("a")));
        fra.Answer(Wire.Instances(Wire.Moved("a", "stopped")));
        Assert.Equal(ExitCode.Ok, (await RunAsync("", [], "instances", "stop", "a")).ExitCode);
        Assert.Equal(("PUT", """[{"name":"a","drain_timeout_ms":-1}]"""), (fra.Requests[^1].Method, fra.Requests[^1].Body));
        Assert.Equal(3, was.Requests.Count);

        // The metro is said: nobody else is asked.
        was.Answer(Wire.Instances(Wire.Moved("b", "stopped")));
        await RunAsync("", [], "instances", "stop", "was/b");
        Assert.Equal(("""[{"name":"b","drain_timeout_ms":-1}]""", 4), (was.Requests[^1].Body, fra.Requests.Count));

        // What is new is in the default metro, or in the one that is named.
        was.Answer(Wire.Instances(Wire.Moved("c", "stopped")));
        await RunAsync("", [], "instances", "create", "hello");
        Assert.Equal(("POST", 5), (was.Requests[^1].Method, was.Requests.Count));
        fra.Answer(Wire.Instances(Wire.Moved("d", "stopped")));
        await RunAsync("", [], "instances", "create", "hello", "--metro", "fra");
        Assert.Equal("POST", fra.Requests[^1].Method);
        Assert.Contains("Metros are fra, was.", (await RunAsync("", [], "instances", "list", "--metro", "sin")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metros_say_whether_they_answer()
    {
        await using var fra = await CannedApi.StartAsync("""{"status":"success","data":{},"op_time_us":1}""");
        Write($"profile: p\nprofiles:\n  p:\n    token: t\n    metros:\n    - {{name: fra, endpoint: '{fra.Environment["WISP_ENDPOINT"]}', location: de}}\n    - {{name: off, endpoint: 'http://127.0.0.1:1'}}\n");
        var run = await RunAsync("", [], "metros", "list", "-f", "+status", "-o", "json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement[0].GetProperty("status").GetProperty("online").GetBoolean());
        Assert.False(json.RootElement[1].GetProperty("status").GetProperty("online").GetBoolean());
        Assert.Contains("refused", json.RootElement[1].GetProperty("status").GetProperty("problem").GetString(), StringComparison.Ordinal);

        // Nobody is asked when nobody wants to know.
        Assert.Equal("fra\noff\n", (await RunAsync("", [], "metros", "list", "-o", "quiet")).Output);
        Assert.Single(fra.Requests);
    }

    [Fact]
    public async Task The_environment_can_be_the_profile()
    {
        await using var api = await CannedApi.StartAsync(Wire.Instances(Wire.Hello));
        var run = await RunAsync("", [("UKC_METRO", api.Environment["WISP_ENDPOINT"]), ("UKC_TOKEN", "cloud")], "instances", "list", "-o", "quiet");
        Assert.Equal(("hello\n", "Bearer cloud"), (run.Output, api.Requests[0].Authorization));
    }

    [Fact]
    public async Task A_configuration_that_is_none_is_named()
    {
        Write("profiles: [\n");
        var run = await RunAsync("", [], "instances", "list");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith($"error: {Config}: Line ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotas_are_of_each_metro()
    {
        await using var api = await CannedApi.StartAsync("""{"status":"success","data":{"quotas":[{"uuid":"u","used":{"instances":3,"live_memory_mb":512},"hard":{"instances":100},"limits":{"min_memory_mb":96}}]},"op_time_us":1}""");
        var run = await RunAsync("", [("WISP_ENDPOINT", api.Environment["WISP_ENDPOINT"]), ("WISP_TOKEN", "t")], "quotas", "-o", "template={{.used.instances}}/{{.hard.instances}} {{.used.live-memory}} {{.limits.min-memory}}");
        Assert.Equal("3/100 512MiB 96MiB\n", run.Output);
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Config)!);
        File.WriteAllText(Config, text);
    }

    private Task<CommandLineRun> RunAsync(string input, (string, string)[] environment, params string[] line) => CommandLineRun.StartAsync(
        environment.Append(("HOME", _home.FullName)).Append(("WISP_DATA_DIR", "/nowhere")).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal), line, input);

    private static string Metros(params (string Name, string Endpoint)[] metros) =>
        $$"""{"status":"success","data":{"metros":[{{string.Join(',', metros.Select(metro => $$"""{"uuid":"u","endpoint":"{{metro.Endpoint}}","name":"{{metro.Name}}","iata_code":"{{metro.Name}}","country":"DE"}"""))}}]},"op_time_us":1}""";
}
