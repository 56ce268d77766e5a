using System.Net;
using System.Text.Json;
using Wisp.Api.Tests.Support;
using Wisp.Gateway;
using Wisp.Platform.Instances;

namespace Wisp.Api.Tests;

/// <summary>Changes of properties of service groups (platform API, "Services").</summary>
public sealed class ServiceGroupChangeTests
{
    private const string Path = "/v1/services";

    [Fact]
    public async Task Ports_are_opened_and_closed_and_what_stays_is_not_touched()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        var kept = api.Node.Gateway.Routes.Keys.Single();
        (await PatchAsync(api, """
            [{"name": "edge", "id": "7", "prop": "services", "op": "add", "value": [{"port": 9090, "destination_port": 90, "ip": "127.0.0.1"}]},
             {"name": "edge", "prop": "services", "op": "add", "value": {"port": 8080, "destination_port": 81, "ip": "127.0.0.1", "handlers": ["http"]}}]
            """)).Success();
        Assert.Equal((2, 81), (api.Node.Gateway.Routes.Count, (await FindAsync(api)).GetProperty("services").EnumerateArray().Single(port => port.Number("port") == 8080).Number("destination_port")));
        Assert.Contains(kept, api.Node.Gateway.Routes.Keys);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "del", "value": [9090]}""")).Success();
        Assert.Equal([kept], api.Node.Gateway.Routes.Keys);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "set", "value": [{"port": 7070, "ip": "127.0.0.1"}]}""")).Success();
        Assert.DoesNotContain(kept, api.Node.Gateway.Routes.Keys);
        Assert.Equal(7070, api.Node.Gateway.Routes.Values.Single().Listen.Port);
    }

    [Fact]
    public async Task Domains_and_limits_are_changed()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        var items = (await PatchAsync(api, """
            [{"name": "edge", "id": "1", "prop": "domains", "op": "set", "value": [{"name": "shop"}]}, {"name": "edge", "prop": "domains", "op": "add", "value": {"name": "a.example."}},
             {"name": "edge", "prop": "domains", "op": "del", "value": "shop"}, {"name": "edge", "prop": "hard_limit", "op": "set", "value": 50}, {"name": "edge", "prop": "soft_limit", "op": "set", "value": 5}]
            """)).Success().Items("service_groups");
        Assert.Equal(("1", "edge"), (items[0].Text("id"), items[0].Text("name")));
        var now = await FindAsync(api);
        Assert.Equal(["a.example"], now.GetProperty("domains").EnumerateArray().Select(domain => domain.Text("fqdn")!));
        Assert.Equal((5, 50), (now.Number("soft_limit"), now.Number("hard_limit")));
        (await api.SendAsync(HttpMethod.Patch, $"{Path}/{now.Text("uuid")}", """{"prop": "domains", "op": "del"}""")).Success();
        (await api.SendAsync(HttpMethod.Patch, $"{Path}/{now.Text("uuid")}", """{"prop": "soft_limit", "op": "del"}""")).Success();
        now = await FindAsync(api);
        Assert.Matches("^edge-[a-z0-9]{8}.localhost$", now.GetProperty("domains")[0].Text("fqdn"));
        Assert.Equal((1, 50), (now.Number("soft_limit"), now.Number("hard_limit")));
    }

    [Fact]
    public async Task A_port_of_both_protocols_is_published_and_taken_away_by_protocol()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "add", "value": [{"port": 5353, "destination_port": 53}, {"port": 5353, "destination_port": 53, "protocol": "udp"}]}""")).Success();
        Assert.Equal(["tcp", "tcp", "udp"], (await FindAsync(api)).GetProperty("services").EnumerateArray().Select(port => port.Text("protocol")!));
        Assert.Equal([RouteProtocol.Http, RouteProtocol.Tcp, RouteProtocol.Udp], api.Node.Gateway.Routes.Values.Select(route => route.Protocol).Order());
        // Nobody can see from outside whether the guest waits for datagrams.
        await api.CreateAsync("""{"image": "hello", "name": "web", "service_group": {"name": "edge"}, "autostart": true, "timeout_s": -1}""");
        Assert.Equal([80, 53], api.Node.Machine.Specification.Guest.WatchedPorts);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "del", "value": [{"port": 5353, "protocol": "tcp"}]}""")).Success();
        Assert.Equal(["tcp", "udp"], (await FindAsync(api)).GetProperty("services").EnumerateArray().Select(port => port.Text("protocol")!));
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "del", "value": [5353]}""")).Success();
        Assert.Single(api.Node.Gateway.Routes);
    }

    [Fact]
    public async Task A_time_to_live_is_given_changed_and_taken_away()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, """{"name": "edge", "services": [{"port": 5432}], "autokill": {"time_ms": 60000}}""")).Success();
        Assert.Equal(60_000, (await FindAsync(api)).GetProperty("autokill").Number("time_ms"));
        (await PatchAsync(api, """{"name": "edge", "prop": "autokill", "op": "set", "value": {"time_ms": 120000}}""")).Success();
        Assert.Equal(120_000, (await FindAsync(api)).GetProperty("autokill").Number("time_ms"));
        (await PatchAsync(api, """{"name": "edge", "prop": "soft_limit", "op": "set", "value": 5}""")).Success();
        Assert.Equal(120_000, (await FindAsync(api)).GetProperty("autokill").Number("time_ms"));
        (await PatchAsync(api, """{"name": "edge", "prop": "autokill", "op": "del"}""")).Success();
        Assert.False((await FindAsync(api)).TryGetProperty("autokill", out _));
    }

    [Fact]
    public async Task A_port_that_cannot_be_opened_leaves_the_group_as_it_was()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        var (before, routes) = ((await FindAsync(api)).GetRawText(), api.Node.Gateway.Routes.Keys.ToArray());
        api.Node.Gateway.TakenPort = 9090;
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "set", "value": [{"port": 7070, "ip": "127.0.0.1"}, {"port": 9090, "ip": "127.0.0.1"}]}"""))
            .ItemFailure("service_groups", 18, "Port 9090 is taken.");
        Assert.Equal(before, (await FindAsync(api)).GetRawText());
        Assert.Equal(routes, api.Node.Gateway.Routes.Keys);
        api.Node.Store.Refuse = new WispError(ErrorCode.OperationFailed, "The disk is full.");
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "set", "value": [{"port": 7070, "ip": "127.0.0.1"}]}""")).ItemFailure("service_groups", 10, "The disk is full.");
        Assert.Equal(before, (await FindAsync(api)).GetRawText());
        Assert.Equal(routes, api.Node.Gateway.Routes.Keys);
    }

    [Fact]
    public async Task Instances_wait_for_the_new_ports_from_their_next_start_on()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        await api.CreateAsync("""{"image": "hello", "name": "web", "service_group": {"name": "edge"}, "autostart": true, "timeout_s": -1}""");
        Assert.Equal([80], api.Node.Machine.Specification.Guest.WatchedPorts);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "add", "value": [{"port": 9090, "destination_port": 90, "ip": "127.0.0.1"}]}""")).Success();
        Assert.All(api.Node.Gateway.Routes.Values, route => Assert.Single(route.Targets));
        // The machine that runs knows nothing of the second port, and the next wispd must not wait for it.
        await api.Node.RestartAsync();
        await api.Node.UntilAsync("web", InstanceState.Running);
        await api.Node.Instances.StopAsync(Platform.ResourceRef.To("web"), new StopOptions(true, TimeSpan.Zero, null), TestContext.Current.CancellationToken);
        await api.Node.UntilAsync("web", InstanceState.Stopped);
        await api.Node.Instances.StartAsync(Platform.ResourceRef.To("web"), null, TestContext.Current.CancellationToken);
        Assert.Equal([80, 90], api.Node.Machine.Specification.Guest.WatchedPorts);
    }

    [Theory]
    [InlineData("services", "del", null, 7, "The 'value' of 'services' must be a list of ports.")]
    [InlineData("services", "del", "[8080]", 7, "A service group needs at least one service.")]
    [InlineData("services", "del", "[1]", 8, "Service group 'edge' does not publish port 1.")]
    [InlineData("services", "set", "[]", 7, "The 'value' of 'services' must be a list of services.")]
    [InlineData("services", "set", "[{\"port\": 0}]", 7, "Value of 'port' in service port description must be in the range 1 to 65535")]
    [InlineData("services", "set", "[{\"port\": 443, \"handlers\": [\"tls\"]}]", 18, "Port 443 needs the handlers 'http' and 'tls'.")]
    [InlineData("domains", "add", "[\"a b\"]", 7, "Invalid DNS name 'a b'.")]
    [InlineData("domains", "add", "[{\"name\": \"a\", \"certificate\": {\"name\": \"b\"}}]", 8, "No certificate with name 'b'")]
    [InlineData("domains", "del", "[\"nobody\"]", 8, "Service group 'edge' has no domain 'nobody.localhost'.")]
    [InlineData("soft_limit", "set", "0", 7, "Value of 'soft_limit' must be in the range 1 to 65535")]
    [InlineData("hard_limit", "add", "5", 7, "'hard_limit' has no 'op' add.")]
    [InlineData("services", "del", "[{\"port\": 8080, \"protocol\": \"udp\"}]", 8, "Service group 'edge' does not publish UDP port 8080.")]
    [InlineData("services", "add", "[{\"port\": 443, \"protocol\": \"udp\"}]", 18, "Port 443 is the web's, and that is no UDP.")]
    [InlineData("autokill", "set", "{\"time_ms\": -1}", 7, "Value of 'time_ms' must be in the range 0 to 31536000000")]
    [InlineData("autokill", "set", "5", 7, "The 'value' of 'autokill' must be an object.")]
    [InlineData("autokill", "add", "{\"time_ms\": 1}", 7, "'autokill' has no 'op' add.")]
    [InlineData("name", "set", "\"other\"", 7, "'name' is not a property that can be changed.")]
    public async Task A_change_that_cannot_be_changes_nothing(string property, string operation, string? value, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        var before = (await FindAsync(api)).GetRawText();
        (await PatchAsync(api, $$"""{"name": "edge", "prop": "{{property}}", "op": "{{operation}}"{{(value is null ? "" : $", \"value\": {value}")}}}""")).ItemFailure("service_groups", error, message);
        Assert.Equal(before, (await FindAsync(api)).GetRawText());
    }

    [Fact]
    public async Task What_is_malformed_is_refused_as_a_whole()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api);
        (await PatchAsync(api, """{"name": "edge", "prop": "services", "op": "set", "value": [{"port": "x"}]}""")).Failure(HttpStatusCode.BadRequest, "'value.port' must be a whole number");
        (await api.SendAsync(HttpMethod.Patch, Path + "?name=edge")).Failure(HttpStatusCode.BadRequest, "The request says no change.");
        (await PatchAsync(api, """{"name": "nobody", "prop": "soft_limit", "op": "del"}""")).ItemFailure("service_groups", 8, "No service group with name 'nobody'");
    }

    private static Task<Answer> PatchAsync(TestApi api, string body) => api.SendAsync(HttpMethod.Patch, Path, body);

    private static async Task<JsonElement> FindAsync(TestApi api) => (await api.GetAsync(Path + "?name=edge")).Success().Items("service_groups").Single();

    private static async Task CreateAsync(TestApi api) =>
        (await api.PostAsync(Path, """{"name": "edge", "services": [{"port": 8080, "destination_port": 80, "ip": "127.0.0.1", "handlers": ["http"]}]}""")).Success();
}
