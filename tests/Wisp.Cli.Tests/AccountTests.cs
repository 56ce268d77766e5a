using Wisp.Cli.Tests.Support;

namespace Wisp.Cli.Tests;

/// <summary><c>wisp users</c> and <c>wisp tokens</c>.</summary>
public sealed class AccountTests
{
    private const string Made =
        """{"status":"success","data":{"tokens":[{"status":"success","id":"4f3c0d9e7f8a4e53","user":"acme","role":"write","token":"wisp_4f3c0d9e7f8a4e53_secret"}]},"op_time_us":1}""";

    private const string Users =
        """{"status":"success","data":{"users":[{"status":"success","uuid":"1","name":"acme","tokens":2,"limits":{"instances":10,"memory_mb":512}}]},"op_time_us":1}""";

    [Theory]
    [InlineData("users create acme --limit instances=10 --limit memory_mb=512", "POST /v1/users", """{"name":"acme","limits":{"instances":10,"memory_mb":512}}""")]
    [InlineData("users edit acme --limit instances=20 --limit vcpus=none", "PATCH /v1/users", """[{"name":"acme","prop":"instances","op":"set","value":20},{"name":"acme","prop":"vcpus","op":"del"}]""")]
    [InlineData("users delete acme", "DELETE /v1/users", """[{"name":"acme"}]""")]
    [InlineData("users list", "GET /v1/users", "")]
    public async Task A_user_is_made_changed_and_removed(string line, string request, string body)
    {
        await using var api = await CannedApi.StartAsync(Users);
        Assert.Equal(ExitCode.Ok, (await api.RunAsync(line.Split(' '))).ExitCode);
        Assert.Equal((request, body), ($"{api.Requests[0].Method} {api.Requests[0].Path}", api.Requests[0].Body));
    }

    [Theory]
    [InlineData("tokens create acme --role write --label ci --expires 1d", "POST /v1/users/tokens", """{"name":"acme","role":"write","label":"ci","expires_in_s":86400}""")]
    [InlineData("tokens revoke 4f3c0d9e7f8a4e53", "DELETE /v1/users/tokens", """[{"id":"4f3c0d9e7f8a4e53"}]""")]
    [InlineData("tokens revoke 4f3c0d9e7f8a4e53 --with-children", "DELETE /v1/users/tokens", "[{\"id\":\"4f3c0d9e7f8a4e53\",\"with_children\":true}]")]
    [InlineData("tokens list acme", "GET /v1/users/tokens", """[{"name":"acme"}]""")]
    public async Task A_token_is_made_and_revoked(string line, string request, string body)
    {
        await using var api = await CannedApi.StartAsync(Made);
        Assert.Equal(ExitCode.Ok, (await api.RunAsync(line.Split(' '))).ExitCode);
        Assert.Equal((request, body), ($"{api.Requests[0].Method} {api.Requests[0].Path}", api.Requests[0].Body));
    }

    [Fact]
    public async Task Quietly_only_the_secret_of_a_new_token_is_printed_and_never_that_of_others()
    {
        await using var api = await CannedApi.StartAsync(Made, Made);
        Assert.Equal("wisp_4f3c0d9e7f8a4e53_secret", (await api.RunAsync("tokens", "create", "acme", "--role", "write", "-o", "quiet")).Output.Trim());
        Assert.DoesNotContain("secret", (await api.RunAsync("tokens", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_a_user_are_shown()
    {
        await using var api = await CannedApi.StartAsync(Users);
        var shown = (await api.RunAsync("users", "list", "-o", "json")).Output;
        Assert.Contains("\"instances\": 10", shown, StringComparison.Ordinal);
        Assert.Contains("512", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_lacks_a_role_reads_which()
    {
        await using var api = await CannedApi.RefusingAsync(403, """{"status":"error","message":"This token may not do that: 'getUsers' needs the role 'admin'.","errors":[{"status":403}],"op_time_us":1}""");
        Assert.Contains("'getUsers' needs the role 'admin'.", (await api.RunAsync("users", "list")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("instances")]
    [InlineData("instances=")]
    [InlineData("=3")]
    [InlineData("instances=-1")]
    public async Task A_limit_that_is_none_is_refused_before_anything_is_sent(string limit)
    {
        await using var api = await CannedApi.StartAsync();
        Assert.NotEqual(ExitCode.Ok, (await api.RunAsync("users", "edit", "acme", "--limit", limit)).ExitCode);
        Assert.Empty(api.Requests);
    }
}
