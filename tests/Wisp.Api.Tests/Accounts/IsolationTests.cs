using System.Text.RegularExpressions;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;
using Wisp.Testing;

namespace Wisp.Api.Tests.Accounts;

/// <summary>What belongs to one account is not there for another: whatever is asked for it, the answer is that of something that never was.</summary>
public sealed partial class IsolationTests
{
    private const string Never = "7f0c1d3e-0000-4000-8000-000000000000";
    private const string NeverNamed = "never-was";

    // These are the node's, or the caller's own.
    private static readonly string[] Shared = ["getImageStore", "getImages", "listImages", "listMetros", "healthz", "getAuthorization", "getUser", "getUserByUuid", "getCertificateAuthority"];

    public static TheoryData<string> AboutOne =>
        [.. OperationCatalogue.All.Where(operation => operation.Needs < Role.Admin && WalkedRequest.About(operation, Never, null) is not null).Select(operation => operation.Id)];

    public static TheoryData<string> Lists =>
        [.. OperationCatalogue.All.Where(operation => operation is { Method: "GET", Needs: Role.Read } && !operation.Path.Contains('{', StringComparison.Ordinal)).Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(AboutOne))]
    public async Task What_is_another_s_answers_as_what_never_was(string id)
    {
        await using var api = await TestApi.StartAsync();
        var (ours, before) = await FillAsync(api);
        using var other = await api.AccountAsync("other");
        var operation = OperationCatalogue.Find(id);
        foreach (var (uuid, name) in ours)
        {
            Assert.Equal(await AskAsync(other, operation, Never, null), await AskAsync(other, operation, uuid, null));
            if (WalkedRequest.About(operation, null, name) is not null)
            {
                Assert.Equal(await AskAsync(other, operation, null, NeverNamed), await AskAsync(other, operation, null, name));
            }
        }

        Assert.Equal(before, await LookAsync(api));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task No_list_shows_anything_of_another(string id)
    {
        await using var api = await TestApi.StartAsync();
        var (ours, _) = await FillAsync(api);
        using var other = await api.AccountAsync("other", "read");
        var operation = OperationCatalogue.Find(id);
        var (_, path, body) = WalkedRequest.Bare(operation);
        var answer = await other.SendAsync("GET", path, body);
        Assert.DoesNotContain(ours, resource => answer.Body.GetRawText().Contains(resource.Uuid, StringComparison.Ordinal) || answer.Body.GetRawText().Contains(resource.Name, StringComparison.Ordinal));
        if (answer.Body.TryGetProperty("data", out _) && operation.Key is { } key && !Shared.Contains(id, StringComparer.Ordinal) && answer.Envelope == "success")
        {
            Assert.Empty(answer.Items(key));
        }
    }

    [Fact]
    public async Task Prometheus_gets_the_figures_of_the_account_only()
    {
        await using var api = await TestApi.StartAsync();
        var (ours, _) = await FillAsync(api);
        using var other = await api.AccountAsync("other", "read");
        other.Http.DefaultRequestHeaders.Accept.Clear();
        var text = await other.Http.GetStringAsync(new Uri("/v1/instances/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("# TYPE instance_state", text, StringComparison.Ordinal);
        Assert.DoesNotContain(ours, resource => text.Contains(resource.Uuid, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"template": {"name": "our-template"}}""", """{"template": {"name": "never-was"}}""")]
    [InlineData("""{"checkpoint": {"name": "our-checkpoint"}}""", """{"checkpoint": {"name": "never-was"}}""")]
    [InlineData("""{"branch_from": {"name": "our-web"}}""", """{"branch_from": {"name": "never-was"}}""")]
    [InlineData("""{"image": "hello", "service_group": {"name": "our-group"}}""", """{"image": "hello", "service_group": {"name": "never-was"}}""")]
    [InlineData(
        """{"image": "hello", "service_group": {"services": [{"port": 443, "handlers": ["http", "tls"]}], "domains": [{"name": "our.example.", "certificate": {"name": "our-certificate"}}]}}""",
        """{"image": "hello", "service_group": {"services": [{"port": 443, "handlers": ["http", "tls"]}], "domains": [{"name": "our.example.", "certificate": {"name": "never-was"}}]}}""")]
    public async Task Nothing_is_made_of_what_is_another_s(string body, string never)
    {
        await using var api = await TestApi.StartAsync();
        var (_, before) = await FillAsync(api);
        using var other = await api.AccountAsync("other");
        Assert.Equal(Plain(await other.SendAsync("POST", "/v1/instances", never), NeverNamed), NamePattern().Replace(Plain(await other.SendAsync("POST", "/v1/instances", body), NeverNamed), "X"));
        Assert.Equal(before, await LookAsync(api));
    }

    [Fact]
    public async Task Names_are_free_in_another_account_and_counts_are_its_own()
    {
        await using var api = await TestApi.StartAsync();
        await FillAsync(api);
        using var other = await api.AccountAsync("other");
        (await other.SendAsync("POST", "/v1/instances", """{"image": "hello", "name": "our-web"}""")).Success();
        (await other.SendAsync("POST", "/v1/services", """{"name": "our-group", "services": [{"port": 9100}]}""")).Success();
        (await other.SendAsync("POST", "/v1/instances/checkpoints", """{"from": {"name": "our-web"}, "name": "our-checkpoint", "timeout_s": -1}""")).Success();
        (await other.SendAsync("POST", "/v1/instances/templates", """{"name": "our-web", "timeout_s": -1}""")).Success();
        var used = (await other.SendAsync("GET", "/v1/users/quotas")).Success().Items("quotas").Single().GetProperty("used");
        Assert.Equal((0, 1), (used.Number("instances"), used.Number("service_groups")));
        var clone = (await other.SendAsync("POST", "/v1/instances", """{"template": {"name": "our-web"}, "name": "clone"}""")).Success().Items("instances").Single();
        (await api.GetAsync($"/v1/instances/{clone.Text("uuid")}")).ItemFailure("instances", 8, "No instance with uuid");
    }

    [Fact]
    public async Task A_port_that_is_taken_does_not_say_by_whom()
    {
        await using var api = await TestApi.StartAsync();
        await FillAsync(api);
        using var other = await api.AccountAsync("other");
        var refused = await other.SendAsync("POST", "/v1/services", """{"services": [{"port": 9000, "ip": "127.0.0.1"}]}""");
        Assert.DoesNotContain("our-", refused.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"port": 9443, "destination_port": 80, "handlers": ["http", "tls"], "ip": "127.0.0.1"}""")]
    [InlineData("""{"port": 80, "handlers": ["http"]}""")]
    [InlineData("""{"port": 5432, "handlers": ["tls"]}""")]
    public async Task A_domain_is_nobody_else_s_on_any_port(string service)
    {
        await using var api = await TestApi.StartAsync();
        await FillAsync(api);
        using var other = await api.AccountAsync("other");
        var refused = await other.SendAsync("POST", "/v1/services", $$"""{"name": "theirs", "services": [{{service}}], "domains": [{"name": "Our-Domain"}]}""");
        refused.ItemFailure("service_groups", 18, "The domain 'our-domain.localhost' is taken.");
        (await other.SendAsync("POST", "/v1/services", $$"""{"name": "theirs", "services": [{{service}}]}""")).Success();
        (await other.SendAsync("PATCH", "/v1/services", """{"name": "theirs", "prop": "domains", "op": "add", "value": ["our-domain"]}""")).ItemFailure("service_groups", 18, "The domain");
        // Who has it may have it on more ports.
        (await api.PostAsync("/v1/services", $$"""{"name": "more", "services": [{"port": 9600}], "domains": [{"name": "our-domain"}]}""")).Success();
    }

    private static async Task<(IReadOnlyList<(string Uuid, string Name)> Ours, string Before)> FillAsync(TestApi api)
    {
        await api.CreateAsync("""{"image": "hello", "name": "our-template"}""");
        (await api.PostAsync("/v1/instances/templates", """{"name": "our-template", "timeout_s": -1}""")).Success();
        await api.CreateAsync("""{"image": "hello", "name": "our-web", "tags": ["a"]}""");
        (await api.PostAsync("/v1/instances/checkpoints", """{"from": {"name": "our-web"}, "name": "our-checkpoint", "timeout_s": -1}""")).Success();
        (await api.PostAsync("/v1/services", """{"name": "our-group", "services": [{"port": 9000, "ip": "127.0.0.1"}], "domains": [{"name": "our-domain"}]}""")).Success();
        (await api.PostAsync("/v1/certificates", $$"""{"name": "our-certificate", "cn": "our.example", {{TestCertificate.Make(api.Node.Time.GetUtcNow(), "our.example").Members}}}""")).Success();
        var ours = new List<(string, string)>();
        foreach (var (path, key) in (IReadOnlyList<(string, string)>)[("instances", "instances"), ("instances/templates", "instances"), ("instances/checkpoints", "instances"), ("services", "service_groups"), ("certificates", "certificates")])
        {
            ours.AddRange((await api.GetAsync("/v1/" + path)).Success().Items(key).Select(item => (item.Text("uuid")!, item.Text("name")!)));
        }

        Assert.Equal(5, ours.Count);
        return (ours, await LookAsync(api));
    }

    private static async Task<string> LookAsync(TestApi api)
    {
        var seen = "";
        foreach (var (path, key) in (IReadOnlyList<(string, string)>)[("instances", "instances"), ("instances/templates", "instances"), ("instances/checkpoints", "instances"), ("services", "service_groups"), ("certificates", "certificates")])
        {
            seen += string.Concat((await api.GetAsync("/v1/" + path)).Success().Items(key).Select(item => item.GetRawText() + "\n"));
        }

        return seen;
    }

    private static async Task<string> AskAsync(AccountClient client, Operation operation, string? uuid, string? name)
    {
        var (method, path, body) = WalkedRequest.About(operation, uuid, name)!;
        return Plain(await client.SendAsync(method, path, body), (uuid ?? name)!);
    }

    // What was asked for is another; nothing else may be.
    private static string Plain(Answer answer, string asked) =>
        $"{answer.Status} {OperationTime().Replace(answer.Body.GetRawText(), "").Replace(asked, "X", StringComparison.Ordinal)}";

    [GeneratedRegex("\"op_time_us\":\\d+", RegexOptions.NonBacktracking)]
    private static partial Regex OperationTime();

    [GeneratedRegex("our-(template|checkpoint|web|group|certificate)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern();
}
