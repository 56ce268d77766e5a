using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>The control plane of a server of one's own (platform API, "Control plane").</summary>
public sealed class ControlPlaneTests
{
    [Theory]
    [InlineData("/v1")]
    [InlineData("/controlplane/v1")]
    public async Task A_client_that_looks_for_metros_finds_the_server_that_it_asked(string prefix)
    {
        await using var api = await TestApi.StartAsync();
        var metro = (await api.GetAsync(prefix + "/metros")).Success().Items("metros").Single();
        Assert.Equal(("local", "local", "ZZ"), (metro.Text("name"), metro.Text("iata_code"), metro.Text("country")));
        Assert.Equal(api.Endpoint.GetLeftPart(UriPartial.Authority), metro.Text("endpoint"));
        Assert.True(Guid.TryParse(metro.Text("uuid"), out _));
        Assert.Equal(metro.Text("uuid"), (await api.GetAsync(prefix + "/metros")).Success().Items("metros").Single().Text("uuid"));
    }

    [Fact]
    public async Task A_token_says_whose_it_is()
    {
        await using var api = await TestApi.StartAsync();
        var data = (await api.GetAsync("/v1/auth")).Success().Body.GetProperty("data");
        Assert.Equal(("default", "default", api.Endpoint.Authority), (data.Text("organization_name"), data.Text("organization_display_name"), data.Text("registry")));
        Assert.True(Guid.TryParse(data.Text("organization_uuid"), out _));
    }

    [Theory]
    [InlineData("/controlplane/v1/images")]
    [InlineData("/v1/images?details=true")]
    public async Task Images_are_listed_by_name_with_their_tags(string path)
    {
        await using var api = await TestApi.StartAsync();
        var images = (await api.GetAsync(path)).Success().Items("images");
        Assert.Equal(["hello", "mute"], images.Names());
        var tag = Assert.Single(images[0].GetProperty("tags").EnumerateArray());
        Assert.Equal(("latest", "sha256:" + new string('a', 64), 1), (tag.Text("name"), tag.Text("digest"), tag.Number("size")));
        Assert.Equal("1970-01-01T00:00:00.000000Z", tag.Text("push_time"));
        Assert.False((await api.GetAsync("/controlplane/v1/images?details=false")).Success().Items("images")[0].Has("tags"));
        Assert.Empty((await api.GetAsync("/v1/images?namespace=nobody")).Success().Items("images"));
    }

    [Fact]
    public async Task There_is_no_sign_in_and_that_is_said()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/auth/signin", """{"hostname": "here"}""")).Failure(HttpStatusCode.BadRequest, "'requestSignin' is not supported.");
        (await api.PostAsync("/v1/auth/check", """{"request_id": 5}""")).Failure(HttpStatusCode.BadRequest, "'request_id' must be a string");
        (await api.PostAsync("/v1/auth/check", "{}")).Failure(HttpStatusCode.BadRequest, "'request_id' is missing.");
        (await api.PostAsync("/v1/auth/check")).Failure(HttpStatusCode.BadRequest, "The request has no body.");
    }

    [Theory]
    [InlineData("GET", "/v1/nodes", null, "nodes")]
    [InlineData("POST", "/v1/nodes", """{"ssh_keys": [{"name": "a", "public_key": "b"}]}""", "nodes")]
    [InlineData("PATCH", "/v1/nodes/7f0c1d3e-0000-4000-8000-000000000000", """[{"property": "tags", "operation": "set", "value": "a"}]""", "nodes")]
    [InlineData("GET", "/v1/nodes/providers/aws/types", null, "machine_types")]
    [InlineData("GET", "/v1/nodes/providers/aws/regions", null, "regions")]
    public async Task Nodes_are_not_supported(string method, string path, string? body, string key)
    {
        await using var api = await TestApi.StartAsync();
        (await api.SendAsync(new HttpMethod(method), path, body)).ItemFailure(key, 1, "'");
    }

    [Fact]
    public async Task All_of_it_needs_the_token()
    {
        await using var api = await TestApi.StartAsync();
        api.Client.DefaultRequestHeaders.Authorization = null;
        foreach (var path in (string[])["/v1/metros", "/controlplane/v1/metros", "/v1/auth", "/controlplane/v1/images"])
        {
            (await api.GetAsync(path)).Failure(HttpStatusCode.Unauthorized, "A token is missing.");
        }
    }
}
