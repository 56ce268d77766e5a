using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Accounts;

/// <summary>Who may change what a user has manages that user's tokens, and nobody else's.</summary>
public sealed class OwnTokenTests
{
    private const string Path = "/v1/users/tokens";

    [Fact]
    public async Task A_token_that_may_write_lists_makes_and_revokes_those_of_its_user()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var admin = await api.AccountAsync("acme", "admin");
        using var other = await api.AccountAsync("other");
        var made = (await client.SendAsync("POST", Path, """{"name": "acme", "role": "read", "label": "ci"}""")).Success().Items("tokens").Single();
        using var reader = new AccountClient(api.Endpoint, made.Text("token")!, made.Text("id")!);
        (await reader.SendAsync("GET", "/v1/instances")).Success();
        foreach (var query in (string[])["", "?name=acme"])
        {
            Assert.Equivalent(new[] { client.Id, admin.Id, reader.Id }, (await client.SendAsync("GET", Path + query)).Success().Items("tokens").Select(item => item.Text("id")!).ToArray(), strict: true);
        }

        (await client.SendAsync("DELETE", Path, $$"""{"id": "{{reader.Id}}"}""")).Success();
        (await reader.SendAsync("GET", "/v1/instances")).Failure(HttpStatusCode.Unauthorized, "The token is not valid.");
        Assert.Equal(3, (await api.GetAsync(Path)).Success().Items("tokens").Length);
    }

    [Fact]
    public async Task It_rises_to_no_higher_role_and_takes_none_from_one()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var admin = await api.AccountAsync("acme", "admin");
        using var reader = await api.AccountAsync("acme", "read");
        (await client.SendAsync("POST", Path, """{"name": "acme", "role": "admin"}""")).ItemFailure("tokens", 14, "This token may not give the role 'admin': its own is 'write'.");
        (await client.SendAsync("DELETE", Path, $$"""{"id": "{{admin.Id}}"}""")).ItemFailure("tokens", 14, "This token may not revoke one with the role 'admin'");
        (await reader.SendAsync("GET", Path)).Failure(HttpStatusCode.Forbidden, "This token may not do that");
        Assert.Equal(3, (await client.SendAsync("GET", Path)).Success().Items("tokens").Length);
        (await admin.SendAsync("POST", Path, """{"name": "acme", "role": "admin"}""")).Success();
    }

    [Fact]
    public async Task What_is_made_with_it_lives_no_longer_than_it_does()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/users", """{"name": "acme"}""")).Success();
        var given = (await api.PostAsync(Path, """{"name": "acme", "role": "write", "expires_in_s": 3600}""")).Success().Items("tokens").Single();
        using var client = new AccountClient(api.Endpoint, given.Text("token")!, given.Text("id")!);
        foreach (var (life, isCut) in ((string, bool)[])[("", true), (", \"expires_in_s\": 7200", true), (", \"expires_in_s\": 60", false)])
        {
            var made = (await client.SendAsync("POST", Path, $$"""{"name": "acme", "role": "write"{{life}}}""")).Success().Items("tokens").Single();
            Assert.Equal(isCut, made.Text("expires_at") == given.Text("expires_at"));
        }
    }

    [Fact]
    public async Task A_user_has_so_many_and_those_that_have_expired_make_room()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/users", """{"name": "acme"}""")).Success();
        const int Most = 256;
        var bodies = string.Join(',', Enumerable.Repeat("""{"name": "acme", "role": "read", "expires_in_s": 60}""", Most - 1));
        (await api.PostAsync(Path, $"[{bodies}]")).Success();
        var lasting = (await api.PostAsync(Path, """{"name": "acme", "role": "read"}""")).Success().Items("tokens").Single().Text("id");
        (await api.PostAsync(Path, """{"name": "acme", "role": "read"}""")).ItemFailure("tokens", 19, $"The user 'acme' has {Most} tokens, which is the most.");
        api.Node.Time.Advance(TimeSpan.FromSeconds(61));
        (await api.PostAsync(Path, """{"name": "acme", "role": "read"}""")).Success();
        var left = (await api.GetAsync(Path)).Success().Items("tokens");
        Assert.Equal(2, left.Length);
        Assert.Contains(left, token => token.Text("id") == lasting);
    }

    [Fact]
    public async Task Tokens_of_another_user_answer_as_what_never_was()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.AccountAsync("acme");
        using var ours = await api.AccountAsync("our-user");
        var uuid = (await api.GetAsync("/v1/users?name=our-user")).Success().Items("users").Single().Text("uuid")!;
        foreach (var (user, never) in ((string, string)[])[("\"name\": \"our-user\"", "\"name\": \"never-was\""), ($"\"uuid\": \"{uuid}\"", "\"uuid\": \"7f0c1d3e-0000-4000-8000-000000000000\"")])
        {
            foreach (var (method, more) in ((string, string)[])[("GET", ""), ("POST", ", \"role\": \"read\""), ("POST", ", \"role\": \"admin\"")])
            {
                var answers = new List<string>();
                foreach (var asked in (string[])[user, never])
                {
                    var item = (await client.SendAsync(method, Path, $"[{{{asked}{more}}}]")).Items("tokens").Single();
                    answers.Add(item.GetRawText().Replace(asked.Split('"')[3], "X", StringComparison.Ordinal));
                }

                Assert.Equal(answers[1], answers[0]);
            }
        }

        (await client.SendAsync("DELETE", Path, $$"""{"id": "{{ours.Id}}"}""")).ItemFailure("tokens", 8, $"No token with id '{ours.Id}'");
        (await client.SendAsync("GET", "/v1/users")).Failure(HttpStatusCode.Forbidden, "This token may not do that");
        (await ours.SendAsync("GET", "/v1/instances")).Success();
    }
}
