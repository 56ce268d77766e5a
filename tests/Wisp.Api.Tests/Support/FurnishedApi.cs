using Wisp.State;
using Wisp.Testing;

namespace Wisp.Api.Tests.Support;

/// <summary>The API with something of everything in it.</summary>
/// <param name="api">The API.</param>
internal sealed class FurnishedApi(TestApi api) : IAsyncDisposable
{
    private readonly Dictionary<string, string> _uuids = new(StringComparer.Ordinal);

    public TestApi Api => api;

    /// <summary>A certificate for shop.example.</summary>
    public static TestCertificate Shop { get; } = TestCertificate.Make(DateTimeOffset.UnixEpoch.AddYears(50), "shop.example");

    /// <summary>Starts it.</summary>
    /// <param name="store">Another store than the one of memory.</param>
    public static async Task<FurnishedApi> StartAsync(IStateStore? store = null)
    {
        var furnished = new FurnishedApi(await TestApi.StartAsync(store: store));
        await furnished.MakeAsync("/v1/services", "edge", """{"name":"edge","services":[{"port":8443,"ip":"127.0.0.1"}]}""");
        await furnished.MakeAsync("/v1/services", "spare", """{"name":"spare","services":[{"port":8444,"ip":"127.0.0.1"}]}""");
        await furnished.MakeAsync("/v1/certificates", "shop", $$"""{"name":"shop","cn":"shop.example",{{Shop.Members}}}""");
        await furnished.MakeAsync("/v1/services", "scaled", """{"name":"scaled","services":[{"port":8445,"ip":"127.0.0.1"}]}""");
        await furnished.MakeAsync("/v1/services/autoscale", "scaled", """{"name":"scaled","min_size":0,"policies":[{"name":"policy","type":"idle","idle_time_ms":60000}]}""");
        await furnished.MakeAsync("/v1/instances", "web", """{"name":"web","image":"hello","autostart":true,"timeout_s":60,"service_group":{"services":[{"port":8080,"handlers":["http"],"ip":"127.0.0.1"}]},"tags":["a"],"env":{"A":"1"}}""");
        await furnished.MakeAsync("/v1/instances", "idle", """{"name":"idle","image":"hello","service_group":{"name":"edge"}}""");
        await furnished.MakeAsync("/v1/instances", "locked", """{"name":"locked","image":"hello"}""");
        await furnished.MakeAsync("/v1/instances", "mould", """{"name":"mould","image":"hello"}""");
        await furnished.MakeAsync("/v1/instances/templates", "mould", """{"name":"mould","timeout_s":60}""");
        await furnished.MakeAsync("/v1/instances/checkpoints", "before", """{"from":{"name":"web"},"name":"before","timeout_s":60}""");
        await furnished.MakeAsync("/v1/users", "ada", """{"name":"ada"}""");
        await furnished.MakeAsync("/v1/users/tokens", "token", """{"name":"ada","role":"read"}""", "id");
        (await furnished.Api.SendAsync(HttpMethod.Patch, "/v1/instances", """{"name":"locked","prop":"delete_lock","op":"set","value":true}""")).Success();
        return furnished;
    }

    /// <summary>A text in which <c>@web</c> stands for the uuid of what is called so.</summary>
    public string Fill(string text) => _uuids.Aggregate(text, (filled, pair) => filled.Replace("@" + pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Calls it, with such texts.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body) => api.SendAsync(new HttpMethod(method), Fill(path), body is null ? null : Fill(body));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    private async Task MakeAsync(string path, string name, string body, string id = "uuid")
    {
        var making = api.PostAsync(path, body);
        await api.Node.UntilAsync(() => making.IsCompleted);
        var item = (await making).Success().Body.GetProperty("data").EnumerateObject().Single().Value.EnumerateArray().Single();
        _uuids[name] = item.Text(id)!;
    }
}
