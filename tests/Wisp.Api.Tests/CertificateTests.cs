using Wisp.Api.Tests.Support;
using Wisp.Platform.Certificates;
using Wisp.Testing;

namespace Wisp.Api.Tests;

/// <summary>Certificates (platform API, "Certificates"), and the domains that present them.</summary>
public sealed class CertificateTests
{
    private const string Path = "/v1/certificates";
    private const string Web = """{"port": 443, "destination_port": 8080, "handlers": ["http", "tls"]}""";

    [Fact]
    public async Task A_certificate_answers_with_all_that_it_is_but_its_key()
    {
        await using var api = await TestApi.StartAsync();
        var given = Make(api, "shop.example.com", "www.shop.example.com");
        var made = Assert.Single((await api.PostAsync(Path, $$"""{"name": "Shop", "common_name": "shop.example.com.", {{given.Members}}}""")).Success().Items("certificates"));
        Assert.Equal(("success", "shop", "shop.example.com", "valid"), (made.Text("status"), made.Text("name"), made.Text("common_name"), made.Text("state")));
        Assert.Equal(("CN=shop.example.com", "CN=shop.example.com"), (made.Text("subject"), made.Text("issuer")));
        Assert.Matches("^[0-9A-F]+$", made.Text("serial_number"));
        Assert.Equal(("2020-01-01T00:00:00.000000Z", "2020-03-31T00:00:00.000000Z"), (made.Text("not_before"), made.Text("not_after")));
        Assert.Equal(0, made.GetProperty("service_groups").GetArrayLength());
        var found = await api.GetAsync(Path);
        Assert.Equal(made.GetRawText(), Assert.Single(found.Success().Items("certificates")).GetRawText());
        Assert.DoesNotContain("PRIVATE", found.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_without_a_name_is_named_after_its_host()
    {
        await using var api = await TestApi.StartAsync();
        var wildcard = Make(api, "*.example.com");
        var made = Assert.Single((await api.PostAsync(Path, $$"""{"cn": "*.example.com", {{wildcard.Members}}}""")).Success().Items("certificates"));
        Assert.Matches(@"^wildcard\.example\.com-[a-z0-9]{5}$", made.Text("name"));
    }

    [Theory]
    [InlineData("\"cn\": \"a.example\", \"common_name\": \"a.example\"", 17, "Give 'common_name' or 'cn', not both.")]
    [InlineData("\"name\": \"a\"", 13, "'common_name' is missing.")]
    [InlineData("\"cn\": \"a_b.example\"", 7, "Invalid DNS name 'a_b.example'.")]
    [InlineData("\"cn\": \"*.*.example\"", 7, "Invalid DNS name '*.example'.")]
    [InlineData("\"cn\": \"other.example\"", 30, "The certificate is not for 'other.example' but for shop.example.com.")]
    [InlineData("\"cn\": \"shop.example.com\", \"name\": \"a--b\"", 7, "Invalid name 'a--b'.")]
    public async Task What_does_not_go_together_is_refused(string members, int code, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync(Path, $$"""{ {{members}}, {{Make(api, "shop.example.com").Members}} }""")).ItemFailure("certificates", code, message);
        Assert.Empty((await api.GetAsync(Path)).Success().Items("certificates"));
    }

    [Fact]
    public async Task A_domain_presents_it_and_it_stays_as_long_as_that_does()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await CreateAsync(api, "shop", "shop.example.com");
        var group = Assert.Single((await api.PostAsync(
            "/v1/services", $$"""{"name": "edge", "services": [{{Web}}], "domains": [{"name": "shop.example.com.", "certificate": {"name": "shop"} }, {"name": "plain"}] }""")).Success().Items("service_groups"));
        var domains = group.GetProperty("domains");
        Assert.Equal((uuid, "valid"), (domains[0].GetProperty("certificate").Text("uuid"), domains[0].GetProperty("certificate").Text("state")));
        Assert.False(domains[1].TryGetProperty("certificate", out _));
        var route = Assert.Single(api.Node.Gateway.Routes.Values);
        Assert.Equal((Guid.Parse(uuid), (Guid?)null), (route.Certificates["SHOP.example.com"]!.Value, route.Certificates["plain.localhost"]));
        Assert.Equal(("edge", group.Text("uuid")), (await UserAsync(), (await FindAsync()).GetProperty("service_groups")[0].Text("uuid")));
        (await api.DeleteAsync($"{Path}/{uuid}")).ItemFailure("certificates", 15, "Certificate 'shop' is presented by 1 service groups, such as 'edge'.");

        // A domain added once more is given another certificate, or none.
        await CreateAsync(api, "newer", "shop.example.com");
        await PatchAsync(api, "add", """[{"name": "shop.example.com.", "certificate": {"name": "newer"}}]""");
        (await api.DeleteAsync($"{Path}/{uuid}")).Success();
        await PatchAsync(api, "add", """[{"name": "shop.example.com."}]""");
        Assert.Null(Assert.Single(api.Node.Gateway.Routes.Values).Certificates["shop.example.com"]);
        (await api.DeleteAsync(Path, """[{"name": "newer"}]""")).Success();

        async Task<System.Text.Json.JsonElement> FindAsync() => Assert.Single((await api.GetAsync($"{Path}/{uuid}")).Success().Items("certificates"));

        async Task<string?> UserAsync() => (await FindAsync()).GetProperty("service_groups")[0].Text("name");
    }

    [Fact]
    public async Task A_domain_gets_no_certificate_of_another_name()
    {
        await using var api = await TestApi.StartAsync();
        await CreateAsync(api, "shop", "shop.example.com");
        (await api.PostAsync("/v1/services", $$"""{"name": "edge", "services": [{{Web}}], "domains": [{"name": "bank.example.com.", "certificate": {"name": "shop"} }] }"""))
            .ItemFailure("service_groups", 30, "Certificate 'shop' is for 'shop.example.com', not for 'bank.example.com'.");
        Assert.Empty(api.Node.Gateway.Routes);
    }

    [Fact]
    public async Task One_that_is_replaced_is_the_same_for_who_presents_it()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await CreateAsync(api, "shop", "shop.example.com");
        var before = api.Node.Certificates.Get(Guid.Parse(uuid))!.SerialNumber;
        (await api.PutAsync($"{Path}/{uuid}", $$"""{ {{Make(api, "bank.example.com").Members}} }""")).ItemFailure("certificates", 30, "The certificate is not for 'shop.example.com'");
        Assert.Equal(before, api.Node.Certificates.Get(Guid.Parse(uuid))!.SerialNumber);
        (await api.SendAsync(HttpMethod.Patch, Path, $$"""[{"name": "shop", {{Make(api, "shop.example.com").Members}} }]""")).Success();
        Assert.NotEqual(before, api.Node.Certificates.Get(Guid.Parse(uuid))!.SerialNumber);
    }

    [Fact]
    public async Task It_outlives_wispd_and_says_when_it_has_expired()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await CreateAsync(api, "shop", "shop.example.com");
        (await api.PostAsync("/v1/services", $$"""{"name": "edge", "services": [{{Web}}], "domains": [{"name": "shop.example.com.", "certificate": {"uuid": "{{uuid}}"} }] }""")).Success();
        await api.Node.RestartAsync();
        Assert.Equal(Guid.Parse(uuid), Assert.Single(api.Node.Gateway.Routes.Values).Certificates["shop.example.com"]);
        Assert.True(api.Node.Certificates.Get(Guid.Parse(uuid))!.Covers("shop.example.com"));
        api.Node.Time.Advance(TimeSpan.FromDays(91));
        Assert.Equal(CertificateState.Error, Assert.Single(api.Node.Rooms.Certificates.List()).State);
    }

    [Fact]
    public async Task The_authority_of_the_node_can_be_asked_for()
    {
        await using var api = await TestApi.StartAsync();
        var authority = Assert.Single((await api.GetAsync(Path + "/authority")).Success().Items("authorities"));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", authority.Text("chain"), StringComparison.Ordinal);
        Assert.StartsWith("O=Wisp, CN=Wisp local authority ", authority.Text("subject"), StringComparison.Ordinal);
    }

    private static async Task PatchAsync(TestApi api, string operation, string value) =>
        (await api.SendAsync(HttpMethod.Patch, "/v1/services", $$"""{"name": "edge", "prop": "domains", "op": "{{operation}}", "value": {{value}}}""")).Success();

    private static async Task<string> CreateAsync(TestApi api, string name, string host) => Assert.Single(
        (await api.PostAsync(Path, $$"""{"name": "{{name}}", "common_name": "{{host}}", {{Make(api, host).Members}}}""")).Success().Items("certificates")).Text("uuid")!;

    private static TestCertificate Make(TestApi api, params string[] hosts) => TestCertificate.Make(api.Node.Time.GetUtcNow(), hosts);
}
