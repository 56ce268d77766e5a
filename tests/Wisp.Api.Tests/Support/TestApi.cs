using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wisp.Platform;
using Wisp.State;
using Wisp.Testing;

namespace Wisp.Api.Tests.Support;

/// <summary>The API over a platform over fakes, served by a real server and asked by a real client.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    public const string Token = "robot$test:secret";

    private readonly WebApplication _server;

    private TestApi(TestNode node, WebApplication server, string tokenFile)
    {
        (Node, _server, TokenFile) = (node, server, tokenFile);
        Endpoint = new Uri(server.Urls.Single());
        Client = new HttpClient { BaseAddress = Endpoint, Timeout = Timeout.InfiniteTimeSpan };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>What is served.</summary>
    public IReadOnlyList<Endpoint> Endpoints => [.. ((IEndpointRouteBuilder)_server).DataSources.SelectMany(source => source.Endpoints)];

    public TestNode Node { get; }

    public string TokenFile { get; }

    public Uri Endpoint { get; }

    /// <summary>Carries the token.</summary>
    public HttpClient Client { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts one.</summary>
    /// <param name="limit">How often it may be asked.</param>
    /// <param name="store">Another store than the one of memory.</param>
    /// <param name="configure">Changes its settings.</param>
    public static async Task<TestApi> StartAsync(RateLimit? limit = null, IStateStore? store = null, Func<PlatformOptions, PlatformOptions>? configure = null)
    {
        var node = await TestNode.StartAsync(Cancel, configure, durable: store);
        var tokenFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokenFile, Token + "\n", Cancel);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = ApiLimits.MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, 0, options => options.UseEnvelopes());
        });
        builder.Services.AddRoutingCore();
        var server = builder.Build();
        server.UseWispApi(
            new ApiOptions(tokenFile, new Dictionary<string, string>(StringComparer.Ordinal) { ["wisp"] = "1.2.3" }) { RateLimit = limit },
            new ApiRooms(node.Platform, node.Images, node.Certificates.Authority, node.Time));
        await server.StartAsync(Cancel);
        return new TestApi(node, server, tokenFile);
    }

    public Task<Answer> GetAsync(string path, string? body = null) => SendAsync(HttpMethod.Get, path, body);

    public Task<Answer> PostAsync(string path, string? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, CancellationToken? cancellation = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), cancellation);

    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken? cancellation = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var response = await Client.SendAsync(request, cancellation ?? Cancel);
        return await Answer.ReadAsync(response, cancellation ?? Cancel);
    }

    /// <summary>A client of an account of its own, which is made where there is none.</summary>
    public async Task<AccountClient> AccountAsync(string name, string role = "write")
    {
        if ((await GetAsync($"/v1/users?name={name}")).Envelope == "error")
        {
            (await PostAsync("/v1/users", $$"""{"name": "{{name}}"}""")).Success();
        }

        var made = (await PostAsync("/v1/users/tokens", $$"""{"name": "{{name}}", "role": "{{role}}"}""")).Success().Items("tokens").Single();
        return new AccountClient(Endpoint, made.Text("token")!, made.Text("id")!);
    }

    /// <summary>Creates an instance and returns its item.</summary>
    public async Task<JsonElement> CreateAsync(string body) => (await PostAsync("/v1/instances", body)).Success().Items("instances").Single();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await Node.DisposeAsync();
        File.Delete(TokenFile);
    }
}
