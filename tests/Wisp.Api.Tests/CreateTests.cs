using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>POST /v1/instances (platform API, "Instance object and creation").</summary>
public sealed partial class CreateTests
{
    private const string Path = "/v1/instances";

    [Fact]
    public async Task An_instance_answers_with_all_that_it_is()
    {
        await using var api = await TestApi.StartAsync();
        var made = await api.CreateAsync(
            """
            {"name": "Web", "image": "hello", "args": ["/hello", "-v"], "env": {"A": "b=c"}, "memory_mb": 256, "vcpus": 2, "autostart": true,
             "restart_policy": "on-failure", "tags": ["a:b", "a:b", "c"], "hostname": "front",
             "scale_to_zero": {"policy": "on", "stateful": true, "cooldown_time_ms": 2500},
             "service_group": {"services": [{"port": 80, "destination_port": 8080, "handlers": ["http"]}], "domains": [{"name": "shop"}]}}
            """);
        Assert.Equal("success", made.Text("status"));
        Assert.True(Guid.TryParseExact(made.Text("uuid"), "D", out _));
        Assert.Equal(("web", "web.internal", "front"), (made.Text("name"), made.Text("private_fqdn"), made.Text("hostname")));
        Assert.Matches(Timestamp(), made.Text("created_at"));
        Assert.Matches(Timestamp(), made.Text("started_at"));
        Assert.Contains(made.Text("state"), (string[])["starting", "running"]);
        Assert.Equal("hello@sha256:" + new string('a', 64), made.Text("image"));
        Assert.Equal((256, 2, 1, 0), (made.Number("memory_mb"), made.Number("vcpus"), made.Number("start_count"), made.Number("restart_count")));
        Assert.Equal(["/hello", "-v"], made.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!));
        Assert.Equal("b=c", made.GetProperty("env").Text("A"));
        Assert.Equal(["a:b", "c"], made.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        Assert.Equal("on-failure", made.Text("restart_policy"));
        var scale = made.GetProperty("scale_to_zero");
        Assert.True(scale.GetProperty("enabled").GetBoolean() && scale.GetProperty("stateful").GetBoolean());
        Assert.Equal(("on", 2500, 0), (scale.Text("policy"), scale.Number("cooldown_time_ms"), scale.Number("notify_time_ms")));
        var group = made.GetProperty("service_group");
        Assert.Equal("shop.localhost", group.GetProperty("domains")[0].Text("fqdn"));
        var network = made.GetProperty("network_interfaces")[0];
        Assert.Equal(made.Text("private_ip"), network.Text("private_ip"));
        Assert.StartsWith("12:b0:", network.Text("mac"), StringComparison.Ordinal);
        Assert.Equal("micro", made.Text("type"));
        // What has no value is left out.
        Assert.False(made.Has("stopped_at") || made.Has("exit_code") || made.Has("stop_reason") || made.Has("features") || made.Has("restart"));
    }

    [Fact]
    public async Task Defaults_are_those_of_the_platform()
    {
        await using var api = await TestApi.StartAsync();
        var made = await api.CreateAsync("{\"image\": \"hello\"}");
        Assert.Matches("^hello-[a-z0-9]{5}$", made.Text("name"));
        Assert.Equal((128, 1, "stopped", "never"), (made.Number("memory_mb"), made.Number("vcpus"), made.Text("state"), made.Text("restart_policy")));
        var scale = made.GetProperty("scale_to_zero");
        Assert.Equal((false, "off", 1000), (scale.GetProperty("enabled").GetBoolean(), scale.Text("policy"), scale.Number("cooldown_time_ms")));
        Assert.False(made.Has("service_group") || made.Has("tags"));
    }

    [Fact]
    public async Task Replicas_are_items_of_their_own()
    {
        await using var api = await TestApi.StartAsync();
        var made = (await api.PostAsync(Path, "{\"name\": \"web\", \"image\": \"hello\", \"replicas\": 2}")).Success().Items("instances");
        Assert.Equal(3, made.Names().Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("web", made[0].Text("name"));
        Assert.All(made.Skip(1), replica => Assert.StartsWith("web-", replica.Text("name"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_in_a_list_have_each_its_own_fate()
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"nothing\"}]");
        Assert.Equal((HttpStatusCode.OK, "partial_success"), (answer.Status, answer.Envelope));
        var items = answer.Items("instances");
        Assert.Equal("success", items[0].Text("status"));
        Answer.AssertFailed(items[1], 8, "No image 'nothing'.");
        Assert.Equal("b", items[1].Text("name"));
    }

    [Fact]
    public async Task A_list_with_a_malformed_item_does_nothing_at_all()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"colour\": \"red\"}]")).Failure(HttpStatusCode.BadRequest, "Unknown member 'colour'");
        Assert.Empty((await api.GetAsync(Path)).Success().Items("instances"));
    }

    [Theory]
    [InlineData("{\"image\": \"hello\", \"colour\": \"red\"}", "Unknown member 'colour'")]
    [InlineData("{\"image\": {\"url\": \"hello\", \"tag\": \"x\"}}", "Unknown member 'tag'")]
    [InlineData("{\"image\": \"hello\", \"scale_to_zero\": {\"polcy\": \"on\"}}", "Unknown member 'polcy'")]
    [InlineData("{\"image\": \"hello\", \"service_group\": {\"services\": [{\"prot\": 80}]}}", "Unknown member 'prot'")]
    [InlineData("{\"image\": 5}", "'image' must be an object, not a number.")]
    [InlineData("{\"image\": \"hello\", \"memory_mb\": \"128\"}", "'memory_mb' must be a whole number, not a string.")]
    [InlineData("{\"image\": \"hello\", \"memory_mb\": 128.5}", "'memory_mb' must be a whole number, not 128.5.")]
    [InlineData("{\"image\": \"hello\", \"autostart\": 1}", "'autostart' must be true or false, not a number.")]
    [InlineData("{\"image\": \"hello\", \"args\": \"ls\"}", "'args' must be a list of strings, not a string.")]
    [InlineData("{\"image\": \"hello\", \"args\": [1]}", "'args' must be a list of strings, not a list.")]
    [InlineData("{\"image\": \"hello\", \"env\": {\"A\": 1}}", "'env' must be an object of strings, not an object.")]
    [InlineData("{\"image\": \"hello\", \"service_group\": []}", "'service_group' must be an object, not a list.")]
    [InlineData("{\"image\": \"hello\", \"service_group\": {\"services\": [7]}}", "'service_group.services[0]' must be an object, not a number.")]
    [InlineData("{\"image\": \"hello\", \"service_group\": {\"services\": [{\"port\": {}}]}}", "'service_group.services[0].port' must be a whole number, not an object.")]
    public async Task A_shape_that_is_wrong_is_400_and_named(string body, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, body)).Failure(HttpStatusCode.BadRequest, message);
        Assert.Empty(api.Node.Instances.List());
    }

    [Theory]
    [InlineData("\"memory_mb\": 8", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("\"memory_mb\": 10000000000", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("\"memory_mb\": -1", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("\"memory_mb\": 1e400", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("\"memory_mb\": -99999999999999999999", 7, "Value of 'memory_mb' must be in the range 16 to 4096")]
    [InlineData("\"memory_mb\": 32", 20, "A guest does not boot with memory_mb 32.")]
    [InlineData("\"vcpus\": 0", 7, "Value of 'vcpus' must be in the range 1 to 32")]
    [InlineData("\"vcpus\": 33", 7, "Value of 'vcpus' must be in the range 1 to 32")]
    [InlineData("\"replicas\": -1", 7, "Value of 'replicas' must be in the range 0 to 255")]
    [InlineData("\"replicas\": 4294967296", 7, "Value of 'replicas' must be in the range 0 to 255")]
    [InlineData("\"name\": \"-\"", 7, "Invalid name '-'")]
    [InlineData("\"name\": \"a--b\"", 7, "Invalid name 'a--b'")]
    [InlineData("\"name\": \"é\"", 7, "Invalid name 'é'")]
    [InlineData("\"hostname\": \"a.b\"", 7, "Invalid DNS name 'a.b'")]
    [InlineData("\"features\": [\"fast\"]", 7, "'fast' is not a valid flag for 'features'")]
    [InlineData("\"restart_policy\": \"sometimes\"", 7, "'sometimes' is not a valid 'restart_policy'.")]
    [InlineData("\"timeout_s\": 5", 7, "'timeout_s' needs 'autostart'.")]
    [InlineData("\"tags\": [\"a b\"]", 7, "Invalid tag 'a b'.")]
    [InlineData("\"scale_to_zero\": {\"policy\": \"on\"}", 7, "'scale_to_zero' needs a 'service_group'.")]
    [InlineData("\"scale_to_zero\": {\"policy\": \"maybe\"}", 7, "Not a valid scale_to_zero 'policy'.")]
    [InlineData("\"scale_to_zero\": {\"policy\": \"off\", \"cooldown_time_ms\": 86400001}", 7, "Value of 'cooldown_time_ms' must be in the range 0 to 86400000")]
    [InlineData("\"scale_to_zero\": {\"policy\": \"off\", \"cooldown_time_ms\": 9223372036854775807}", 7, "Value of 'cooldown_time_ms' must be in the range 0 to 86400000")]
    [InlineData("\"features\": [\"delete-on-stop\"], \"restart_policy\": \"always\"", 17, "'delete-on-stop' and a restart policy exclude each other.")]
    [InlineData("\"service_group\": {\"name\": \"x\", \"services\": [{\"port\": 80}]}", 17, "Give 'service_group' a uuid or name")]
    [InlineData("\"service_group\": {\"name\": \"x\", \"uuid\": \"7f0c1d3e-0000-4000-8000-000000000000\"}", 17, "Give 'uuid' or 'name', not both.")]
    [InlineData("\"service_group\": {}", 13, "Neither 'uuid' nor 'name' is given.")]
    [InlineData("\"service_group\": {\"uuid\": \"web\"}", 7, "Invalid uuid 'web'")]
    [InlineData("\"service_group\": {\"name\": \"web\"}", 8, "No service group with name 'web'")]
    [InlineData("\"service_group\": {\"services\": []}", 7, "A service group needs at least one service.")]
    [InlineData("\"service_group\": {\"services\": [{\"port\": 0}]}", 7, "Value of 'port' in service port description must be in the range 1 to 65535")]
    [InlineData("\"service_group\": {\"services\": [{\"port\": 80, \"destination_port\": 65536}]}", 7, "Value of 'destination_port' in service port description must be in the range 1 to 65535")]
    [InlineData("\"volumes\": [{\"name\": \"v\", \"at\": \"/v\"}]", 1, "'volumes' is not supported.")]
    [InlineData("\"branch_from\": {\"name\": \"x\"}", 17, "Cannot specify 'image' when 'branch_from' is set")]
    [InlineData("\"type\": \"full\"", 1, "Only instances of the type 'micro'")]
    public async Task A_value_that_is_wrong_fails_its_item_and_costs_nothing(string member, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, $"{{\"image\": \"hello\", {member}}}")).ItemFailure("instances", error, message);
        Assert.Empty(api.Node.Instances.List());
        Assert.Empty(api.Node.Services.List());
        Assert.Empty(api.Node.Gateway.Routes);
    }

    [Theory]
    [InlineData("128.0", 128)]
    [InlineData("2.56e2", 256)]
    [InlineData("null", 128)]
    public async Task A_whole_number_may_be_written_in_any_way(string written, int memory)
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal(memory, (await api.CreateAsync($"{{\"image\": \"hello\", \"memory_mb\": {written}}}")).Number("memory_mb"));
    }

    [Theory]
    [InlineData("{\"name\": \"a\"}", 7, "An instance needs an 'image'.")]
    [InlineData("{\"image\": \"nothing\"}", 8, "No image 'nothing'.")]
    [InlineData("{\"image\": \"mute\"}", 7, "Image 'mute:latest' has neither CMD nor ENTRYPOINT")]
    [InlineData("{\"image\": {\"url\": \"nothing\"}}", 8, "No image 'nothing'.")]
    public async Task An_image_that_cannot_be_run_fails_its_item(string body, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, body)).ItemFailure("instances", error, message);
    }

    [Fact]
    public async Task A_name_that_is_taken_fails_its_item()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"web\", \"image\": \"hello\"}");
        var item = (await api.PostAsync(Path, "{\"name\": \"WEB\", \"image\": \"hello\"}")).ItemFailure("instances", 23, "An instance with the name 'web' already exists");
        Assert.Equal("WEB", item.Text("name"));
    }

    [Fact]
    public async Task A_port_that_is_taken_fails_its_item()
    {
        await using var api = await TestApi.StartAsync();
        api.Node.Gateway.TakenPort = 80;
        (await api.PostAsync(Path, "{\"image\": \"hello\", \"service_group\": {\"services\": [{\"port\": 80, \"handlers\": [\"http\"]}]}}"))
            .ItemFailure("instances", 18, string.Create(CultureInfo.InvariantCulture, $"Port {80} is taken."));
        Assert.Empty(api.Node.Services.List());
    }

    [Fact]
    public async Task A_full_disk_fails_its_item()
    {
        await using var api = await TestApi.StartAsync();
        api.Node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "No room on the disk for state.db.", "Free some space.");
        (await api.PostAsync(Path, "{\"image\": \"hello\"}")).ItemFailure("instances", 10, "No room on the disk for state.db. Free some space.");
        Assert.Empty(api.Node.Instances.List());
    }

    [Fact]
    public async Task With_a_timeout_it_answers_when_it_runs()
    {
        await using var api = await TestApi.StartAsync();
        var made = await api.CreateAsync("{\"image\": \"hello\", \"autostart\": true, \"timeout_s\": -1, \"service_group\": {\"services\": [{\"port\": 80, \"handlers\": [\"http\"]}]}}");
        Assert.Equal("running", made.Text("state"));
        Assert.True(made.Has("boot_time_us") && made.Has("net_time_us") && made.Has("vmm_start_time_us"));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Timestamp();
}
