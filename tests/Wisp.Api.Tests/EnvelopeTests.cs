using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>Requests that fail as a whole, and the shape of every answer (platform API, "Transport" and "Envelope").</summary>
public sealed class EnvelopeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_says_what_runs()
    {
        await using var api = await TestApi.StartAsync();
        var data = (await api.GetAsync("/v1/healthz")).Success().Body.GetProperty("data");
        Assert.Equal("healthy", data.GetProperty("checks").Text("images"));
        Assert.All(data.GetProperty("checks").EnumerateObject(), check => Assert.Contains(check.Value.GetString(), (string[])["unknown", "healthy", "degraded"]));
        Assert.Equal("1.2.3", data.GetProperty("versions").Text("wisp"));
        var license = data.GetProperty("license");
        Assert.True(license.GetProperty("valid").GetBoolean());
        Assert.True(license.Has("serial") && license.Has("features"));
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1")]
    [InlineData("/v2/instances")]
    [InlineData("/v1/instances/a/b/c")]
    public async Task An_unknown_path_is_404(string path)
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync(path)).Failure(HttpStatusCode.NotFound, $"No endpoint GET {path}.");
    }

    [Theory]
    [InlineData("PUT", "/v1/instances")]
    [InlineData("POST", "/v1/instances/start")]
    [InlineData("PATCH", "/v1/images")]
    [InlineData("POST", "/v1/healthz")]
    [InlineData("OPTIONS", "/v1/services")]
    public async Task A_wrong_method_is_405_and_says_which_are_right(string method, string path)
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.SendAsync(new HttpMethod(method), path);
        answer.Failure(HttpStatusCode.MethodNotAllowed, $"{method} does not go with {path}. Allowed: ");
        Assert.NotEmpty(answer.Response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("//v1//instances")]
    [InlineData("/v1/instances/")]
    [InlineData("/v1///instances//")]
    public async Task Doubled_and_trailing_slashes_do_no_harm(string path)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.Client.GetAsync(new Uri(api.Endpoint.GetLeftPart(UriPartial.Authority) + path), Cancel);
        (await Answer.ReadAsync(response, Cancel)).Success();
    }

    [Theory]
    [InlineData("{\"name\": \"a\"")]
    [InlineData("[{\"name\": \"a\"}")]
    [InlineData("{\"name\": \"a\"} {}")]
    [InlineData("{name: 1}")]
    [InlineData("<xml/>")]
    public async Task Half_a_json_is_400(string body)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/instances", body)).Failure(HttpStatusCode.BadRequest, "The request body is not JSON: line 1, byte ");
    }

    [Theory]
    [InlineData("POST", "/v1/instances", """{"image":"hello","image":"hello"}""", "image")]
    [InlineData("POST", "/v1/instances", """{"image":"hello","im\u0061ge":"hello"}""", "image")]
    [InlineData("POST", "/v1/instances", """{"image":"hello","env":{"A":"1","A":"2"}}""", "A")]
    [InlineData("POST", "/v1/instances", """{"image":"hello","annotations":{"a/b":"1","a/b":"1"}}""", "a/b")]
    [InlineData("POST", "/v1/instances", """{"image":"hello","service_group":{"services":[{"port":8080,"port":8081}]}}""", "port")]
    [InlineData("POST", "/v1/services", """[{"services":[{"port":8080}]},{"name":null,"name":"b"}]""", "name")]
    [InlineData("PATCH", "/v1/instances", """{"name":"web","prop":"env","op":"set","value":{"A":"1","A":"1"}}""", "A")]
    [InlineData("GET", "/v1/instances", """[{"name":"web","name":"web"}]""", "name")]
    public async Task A_member_that_is_given_twice_is_400_at_every_depth(string method, string path, string body, string name)
    {
        await using var api = await TestApi.StartAsync();
        var answer = await api.SendAsync(new HttpMethod(method), path, body);
        answer.Failure(HttpStatusCode.BadRequest, $"Duplicate member '{name}'");
        Assert.Empty((await api.GetAsync("/v1/instances")).Items("instances"));
        Assert.Empty((await api.GetAsync("/v1/services")).Items("service_groups"));
    }

    [Fact]
    public async Task Json_that_is_nested_without_end_is_400()
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/instances", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)))).Failure(HttpStatusCode.BadRequest, "The request body is not JSON");
    }

    [Theory]
    [InlineData("\"hello\"", "The request must be an object, not a string.")]
    [InlineData("17", "The request must be an object, not a number.")]
    [InlineData("[17]", "The request must be an object, not a number.")]
    [InlineData("[[]]", "The request must be an object, not a list.")]
    [InlineData("[null]", "The request must be an object, not null.")]
    public async Task What_is_no_object_is_400(string body, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/instances", body)).Failure(HttpStatusCode.BadRequest, message);
    }

    [Theory]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("{\"\\udc00\": 1}")]
    [InlineData("{\"env\": {\"\\ud800\": \"\"}}")]
    [InlineData("{\"tags\": [\"\\ud800x\"]}")]
    public async Task Half_a_character_is_400(string body)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/instances", body)).Failure(HttpStatusCode.BadRequest, "The request body has a text that is not Unicode.");
    }

    [Fact]
    public async Task Broken_utf8_is_400()
    {
        await using var api = await TestApi.StartAsync();
        byte[] body = [.. "{\"name\": \""u8, 0xC3, 0x28, .. "\"}"u8];
        (await api.SendAsync(HttpMethod.Post, "/v1/instances", body)).Failure(HttpStatusCode.BadRequest, "The request body");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_create_without_a_body_is_400(string? body)
    {
        await using var api = await TestApi.StartAsync();
        (await api.PostAsync("/v1/instances", body)).Failure(HttpStatusCode.BadRequest, "The request has no body.");
        (await api.PostAsync("/v1/services", body)).Failure(HttpStatusCode.BadRequest, "The request has no body.");
    }

    [Fact]
    public async Task A_body_of_eight_mebibytes_is_read_and_one_byte_more_is_413()
    {
        await using var api = await TestApi.StartAsync();
        var largest = new byte[ApiLimits.MaxBodyBytes];
        Array.Fill(largest, (byte)' ');
        "{\"image\":\"nothing\"}"u8.CopyTo(largest);
        (await api.SendAsync(HttpMethod.Post, "/v1/instances", largest)).ItemFailure("instances", 8, "No image 'nothing'.");
        (await api.SendAsync(HttpMethod.Post, "/v1/instances", [.. largest, (byte)' '])).Failure(
            HttpStatusCode.RequestEntityTooLarge, "The request body is longer than 8388608 bytes.");
        // The server is none the worse for it.
        (await api.GetAsync("/v1/instances")).Success();
    }

    [Fact]
    public async Task A_body_whose_length_is_not_said_is_cut_off_at_the_same_length()
    {
        await using var api = await TestApi.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/instances");
        request.Content = new StreamContent(new MemoryStream(new byte[ApiLimits.MaxBodyBytes + 1]));
        request.Headers.TransferEncodingChunked = true;
        using var response = await api.Client.SendAsync(request, Cancel);
        (await Answer.ReadAsync(response, Cancel)).Failure(HttpStatusCode.RequestEntityTooLarge, "The request body is longer than 8388608 bytes.");
    }

    [Fact]
    public async Task A_body_that_is_announced_too_long_is_413_before_it_is_sent()
    {
        await using var api = await TestApi.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(api.Endpoint.Host, api.Endpoint.Port, Cancel);
        var head = $"POST /v1/instances HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TestApi.Token}\r\nContent-Length: {ApiLimits.MaxBodyBytes + 1}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancel);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 413 ", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_items_than_anybody_needs_are_400()
    {
        await using var api = await TestApi.StartAsync();
        var body = $"[{string.Join(',', Enumerable.Repeat("{\"name\":\"a\"}", 1025))}]";
        (await api.PutAsync("/v1/instances/start", body)).Failure(HttpStatusCode.BadRequest, "At most 1024 items");
    }
}
