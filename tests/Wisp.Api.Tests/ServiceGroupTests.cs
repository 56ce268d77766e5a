using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>Service groups (platform API, "Services").</summary>
public sealed class ServiceGroupTests
{
    private const string Path = "/v1/services";

    [Fact]
    public async Task A_group_answers_with_all_that_it_is()
    {
        await using var api = await TestApi.StartAsync();
        var made = Assert.Single((await api.PostAsync(
            Path,
            """
            {"name": "Edge", "services": [{"port": 80, "destination_port": 8080, "handlers": ["http"]}, {"port": 5432, "protocol": "tcp"}],
             "domains": [{"name": "shop"}, {"name": "shop.example."}], "soft_limit": 5, "hard_limit": 50}
            """)).Success().Items("service_groups"));
        Assert.Equal(("success", "edge"), (made.Text("status"), made.Text("name")));
        Assert.True(made.GetProperty("persistent").GetBoolean());
        Assert.False(made.GetProperty("autoscale").GetBoolean());
        Assert.Equal((5, 50), (made.Number("soft_limit"), made.Number("hard_limit")));
        Assert.Equal(["shop.localhost", "shop.example"], made.GetProperty("domains").EnumerateArray().Select(domain => domain.Text("fqdn")!));
        var services = made.GetProperty("services");
        Assert.Equal((80, 8080, "tcp", "http"), (services[0].Number("port"), services[0].Number("destination_port"), services[0].Text("protocol"), services[0].GetProperty("handlers")[0].GetString()));
        Assert.Equal((5432, 5432, 0), (services[1].Number("port"), services[1].Number("destination_port"), services[1].GetProperty("handlers").GetArrayLength()));
        Assert.Equal(0, made.GetProperty("instances").GetArrayLength());
        var found = Assert.Single((await api.GetAsync($"{Path}/{made.Text("uuid")}")).Success().Items("service_groups"));
        Assert.Equal(made.GetRawText(), found.GetRawText());
    }

    [Fact]
    public async Task Defaults_are_those_of_the_platform()
    {
        await using var api = await TestApi.StartAsync();
        var made = Assert.Single((await api.PostAsync(Path, "{\"services\": [{\"port\": 5432}]}")).Success().Items("service_groups"));
        Assert.Matches("^[a-z]+-[a-z]+-[a-z0-9]{8}$", made.Text("name"));
        Assert.Equal((1, 65535), (made.Number("soft_limit"), made.Number("hard_limit")));
        Assert.Matches(@"^[a-z]+-[a-z]+-[a-z0-9]{8}\.localhost$", made.GetProperty("domains")[0].Text("fqdn"));
    }

    [Fact]
    public async Task A_group_lists_its_instances_and_cannot_go_before_them()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(Path, "{\"name\": \"edge\", \"services\": [{\"port\": 80, \"handlers\": [\"http\"]}]}");
        var instance = await api.CreateAsync("{\"name\": \"web\", \"image\": \"hello\", \"service_group\": {\"name\": \"edge\"}}");
        var group = Assert.Single((await api.GetAsync(Path)).Success().Items("service_groups"));
        Assert.Equal((instance.Text("uuid"), "web"), (group.GetProperty("instances")[0].Text("uuid"), group.GetProperty("instances")[0].Text("name")));
        (await api.DeleteAsync($"{Path}/{group.Text("uuid")}")).ItemFailure("service_groups", 15, "Service group 'edge' still has 1 instances");
        (await api.DeleteAsync("/v1/instances", "{\"name\": \"web\"}")).Success();
        var deleted = Assert.Single((await api.DeleteAsync(Path, "[{\"name\": \"edge\"}]")).Success().Items("service_groups"));
        Assert.Equal(["status", "uuid", "name"], deleted.EnumerateObject().Select(member => member.Name));
        Assert.Empty(api.Node.Gateway.Routes);
    }

    [Theory]
    [InlineData("\"services\": []", 7, "A service group needs at least one service.")]
    [InlineData("\"services\": [{\"port\": 70000}]", 7, "Value of 'port' in service port description must be in the range 1 to 65535")]
    [InlineData("\"services\": [{}]", 7, "Value of 'port' in service port description must be in the range 1 to 65535")]
    [InlineData("\"services\": [{\"port\": 80}]", 18, "Port 80 needs the handler 'http'.")]
    [InlineData("\"services\": [{\"port\": 53, \"protocol\": \"udp\", \"handlers\": [\"tls\"]}]", 18, "Port 53: the protocol 'udp' has no handlers.")]
    [InlineData("\"services\": [{\"port\": 80, \"protocol\": \"udp\"}]", 18, "Port 80 is the web's, and that is no UDP.")]
    [InlineData("\"services\": [{\"port\": 5432}], \"autokill\": {\"time_ms\": -1}", 7, "Value of 'time_ms' must be in the range 0 to 31536000000")]
    [InlineData("\"services\": [{\"port\": 53, \"protocol\": \"sctp\"}]", 7, "'sctp' is not a valid protocol.")]
    [InlineData("\"services\": [{\"port\": 53, \"handlers\": [\"smtp\"]}]", 7, "'smtp' is not a valid handler.")]
    [InlineData("\"services\": [{\"port\": 5432}, {\"port\": 5432}]", 18, "Port 5432 is published twice.")]
    [InlineData("\"services\": [{\"port\": 5432}], \"soft_limit\": 9, \"hard_limit\": 8", 7, "'soft_limit' 9 is above 'hard_limit' 8.")]
    [InlineData("\"services\": [{\"port\": 5432}], \"hard_limit\": 4294967297", 7, "Value of 'hard_limit' must be in the range 1 to 65535")]
    [InlineData("\"services\": [{\"port\": 5432}], \"domains\": [{\"name\": \"a b\"}]", 7, "Invalid DNS name 'a b'")]
    [InlineData("\"services\": [{\"port\": 5432}], \"domains\": [{}]", 7, "Invalid DNS name ''")]
    [InlineData("\"services\": [{\"port\": 5432}], \"name\": \"a..b\"", 7, "Invalid name 'a..b'")]
    public async Task A_value_that_is_wrong_fails_its_item(string members, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, $"{{{members}}}")).ItemFailure("service_groups", error, message);
        Assert.Empty(api.Node.Services.List());
    }

    [Fact]
    public async Task A_list_with_a_malformed_item_does_nothing_at_all()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, "[{\"name\": \"a\", \"services\": [{\"port\": 5432}]}, {\"services\": 5}]")).Failure(HttpStatusCode.BadRequest, "'services' must be a list, not a number.");
        Assert.Empty(api.Node.Services.List());
        await api.PostAsync(Path, "{\"name\": \"a\", \"services\": [{\"port\": 5432}]}");
        (await api.DeleteAsync(Path, "[{\"name\": \"a\"}, {\"name\": \"b\", \"force\": true}]")).Failure(HttpStatusCode.BadRequest, "Unknown member 'force'");
        Assert.Single(api.Node.Services.List());
    }
}
