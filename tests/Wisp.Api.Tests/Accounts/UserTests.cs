using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Accounts;

/// <summary>Users, their tokens and what they may have, over the wire.</summary>
public sealed class UserTests
{
    [Fact]
    public async Task A_token_is_shown_once_and_refused_from_the_moment_that_it_is_revoked()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        (await client.SendAsync("GET", "/v1/instances")).Success();
        var listed = (await api.GetAsync("/v1/users/tokens?name=acme")).Success();
        Assert.DoesNotContain(client.Token, listed.Body.GetRawText(), StringComparison.Ordinal);
        var item = listed.Items("tokens").Single();
        Assert.Equal((client.Id, "acme", "write", false), (item.Text("id"), item.Text("user"), item.Text("role"), item.Has("token")));
        Assert.True(item.Has("last_used_at"));
        (await api.DeleteAsync("/v1/users/tokens", $$"""[{"id": "{{client.Id}}"}]""")).Success();
        (await client.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
        (await api.DeleteAsync("/v1/users/tokens", $$"""[{"id": "{{client.Id}}"}]""")).ItemFailure("tokens", 8, $"No token with id '{client.Id}'");
    }

    [Fact]
    public async Task A_token_that_has_expired_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/users", """{"name": "acme"}""")).Success();
        var made = (await api.PostAsync("/v1/users/tokens", """{"name": "acme", "role": "read", "label": "for a day", "expires_in_s": 86400}""")).Success().Items("tokens").Single();
        Assert.Equal(("for a day", true), (made.Text("name"), made.Has("expires_at")));
        using var client = new AccountClient(api.Endpoint, made.Text("token")!, made.Text("id")!);
        (await client.SendAsync("GET", "/v1/instances")).Success();
        api.Node.Time.Advance(TimeSpan.FromDays(1));
        (await client.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, $"The token '{client.Id}' has expired.");
    }

    [Theory]
    [InlineData("wisp_")]
    [InlineData("wisp_0000000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_only_looks_like_a_token_is_refused(string token)
    {
        await using var api = await TestApi.StartAsync();
        using var client = new AccountClient(api.Endpoint, token, "");
        (await client.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
    }

    [Fact]
    public async Task A_token_with_another_secret_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var forged = new AccountClient(api.Endpoint, client.Token[..^1] + (client.Token[^1] == '0' ? '1' : '0'), client.Id);
        (await forged.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
    }

    [Fact]
    public async Task A_user_who_has_something_stays_and_one_who_has_nothing_goes_with_the_tokens()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        (await client.SendAsync("POST", "/v1/instances", """{"image": "hello", "name": "web"}""")).Success();
        (await api.DeleteAsync("/v1/users", """[{"name": "acme"}]""")).ItemFailure("users", 15, "The user 'acme' still has 1 instances");
        (await client.SendAsync("DELETE", "/v1/instances", """[{"name": "web"}]""")).Success();
        (await api.DeleteAsync("/v1/users", """[{"name": "acme"}]""")).Success();
        (await client.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
        Assert.Empty((await api.GetAsync("/v1/users/tokens")).Success().Items("tokens"));
        (await api.DeleteAsync("/v1/users", """[{"name": "default"}]""")).ItemFailure("users", 14, "The user 'default' is the node's own and stays.");
    }

    [Theory]
    [InlineData("instances", """{"image": "hello"}""", "/v1/instances")]
    [InlineData("memory_mb", """{"image": "hello", "memory_mb": 256}""", "/v1/instances")]
    [InlineData("vcpus", """{"image": "hello", "vcpus": 2}""", "/v1/instances")]
    [InlineData("service_groups", """{"services": [{"port": 9000}]}""", "/v1/services")]
    [InlineData("services", """{"services": [{"port": 9000}]}""", "/v1/services")]
    [InlineData("frozen", """{"from": {"name": "web"}}""", "/v1/instances/checkpoints")]
    [InlineData("frozen", """{"name": "web"}""", "/v1/instances/templates")]
    [InlineData("live_instances", """{"image": "hello", "autostart": true}""", "/v1/instances")]
    [InlineData("live_vcpus", """{"image": "hello", "autostart": true}""", "/v1/instances")]
    [InlineData("live_memory_mb", """{"image": "hello", "autostart": true}""", "/v1/instances")]
    public async Task A_limit_refuses_what_is_beyond_it_until_it_is_raised(string limit, string body, string path)
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        (await client.SendAsync("POST", "/v1/instances", """{"image": "hello", "name": "web"}""")).Success();
        var most = limit switch { "instances" => 1, "memory_mb" => 128, "vcpus" => 1, _ => 0 };
        (await api.SendAsync(HttpMethod.Patch, "/v1/users", $$"""[{"name": "acme", "prop": "{{limit}}", "op": "set", "value": {{most}}}]""")).Success();
        var refused = await client.SendAsync("POST", path, body);
        refused.ItemFailure(path == "/v1/services" ? "service_groups" : "instances", 19, "The user 'acme' may have");
        (await api.SendAsync(HttpMethod.Patch, "/v1/users", $$"""[{"name": "acme", "prop": "{{limit}}", "op": "del"}]""")).Success();
        (await client.SendAsync("POST", path, body)).Success();
    }

    [Fact]
    public async Task Limits_show_in_the_quotas_and_a_change_of_size_keeps_to_them()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/users", """{"name": "acme", "limits": {"instances": 3, "memory_mb": 256, "vcpus": 2, "service_groups": 5, "services": 7, "live_instances": 2, "live_vcpus": 4, "live_memory_mb": 512}}""")).Success();
        using var client = await api.AccountAsync("acme");
        var quotas = (await client.SendAsync("GET", "/v1/users/quotas")).Success().Items("quotas").Single();
        Assert.Equal((3, 5, 7), (quotas.GetProperty("hard").Number("instances"), quotas.GetProperty("hard").Number("service_groups"), quotas.GetProperty("hard").Number("services")));
        Assert.Equal(
            (2, 4, 512), (quotas.GetProperty("hard").Number("live_instances"), quotas.GetProperty("hard").Number("live_vcpus"), quotas.GetProperty("hard").Number("live_memory_mb")));
        Assert.Equal(2, (await api.GetAsync("/v1/users?name=acme")).Success().Items("users").Single().GetProperty("limits").Number("live_instances"));
        Assert.Equal((256, 2), (quotas.GetProperty("limits").Number("max_memory_mb"), quotas.GetProperty("limits").Number("max_vcpus")));
        (await client.SendAsync("POST", "/v1/instances", """{"image": "hello", "name": "web"}""")).Success();
        (await client.SendAsync("PATCH", "/v1/instances", """[{"name": "web", "prop": "memory_mb", "op": "set", "value": 512}]""")).ItemFailure("instances", 19, "The user 'acme' may have 256");
        (await client.SendAsync("GET", $"/v1/users/{quotas.Text("uuid")}/quotas")).Success();
        var own = (await api.GetAsync("/v1/users/quotas")).Success().Items("quotas").Single().Text("uuid");
        (await client.SendAsync("GET", $"/v1/users/{own}/quotas")).ItemFailure("quotas", 8, $"No user with uuid '{own}'");
        (await api.GetAsync($"/v1/users/{quotas.Text("uuid")}/quotas")).Success();
    }

    [Theory]
    [InlineData("""{"name": "a--b"}""", 7, "Invalid name 'a--b'")]
    [InlineData("""{"name": "default"}""", 23, "A user with the name 'default' already exists")]
    [InlineData("""{"name": "a", "limits": {"instances": -1}}""", 7, "Value of 'instances' must be in the range 0 to")]
    public async Task A_user_that_cannot_be_is_refused(string body, int code, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/users", body)).ItemFailure("users", code, message);
        Assert.Single((await api.GetAsync("/v1/users")).Success().Items("users"));
    }
}
