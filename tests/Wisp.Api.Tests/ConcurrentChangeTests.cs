using System.Globalization;
using System.Text.Json;
using Wisp.Api.Tests.Fuzz;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>Many who change one thing at once lose nothing of each other's, over the real store, and the next daemon knows it all.</summary>
public sealed class ConcurrentChangeTests
{
    private const int Many = 32;

    [Theory]
    [InlineData("/v1/instances", "idle", "env", Many)]
    [InlineData("/v1/instances", "idle", "annotations", Many)]
    [InlineData("/v1/instances", "idle", "tags", 16)]
    [InlineData("/v1/instances", "idle", "schedules", 16)]
    [InlineData("/v1/instances", "web", "annotations", Many)]
    [InlineData("/v1/instances", "web", "schedules", 16)]
    [InlineData("/v1/instances/templates", "mould", "tags", 16)]
    [InlineData("/v1/instances/checkpoints", "before", "tags", 16)]
    [InlineData("/v1/services", "edge", "domains", Many)]
    [InlineData("/v1/services", "edge", "services", Many)]
    public async Task What_each_adds_is_there_in_the_end(string path, string name, string property, int count)
    {
        await using var store = await WatchedStore.OpenAsync(TestContext.Current.CancellationToken);
        await using var furnished = await FurnishedApi.StartAsync(store);
        var before = Entries(await ItemAsync(furnished, path, name), property);
        var left = count - before.Count * (property == "tags" ? 1 : 0);
        await Task.WhenAll(Enumerable.Range(1, left).Select(async number => (await furnished.SendAsync(
            "PATCH", path, string.Create(CultureInfo.InvariantCulture, $$"""[{"name":"{{name}}","prop":"{{property}}","op":"add","value":{{Value(property, number)}}}]"""))).Success()));
        var expected = before.Concat(Enumerable.Range(1, left).Select(number => Key(property, number))).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, Entries(await ItemAsync(furnished, path, name), property).Order(StringComparer.Ordinal));
        var documents = string.Join('\n', (await store.WantedAsync()).Values);
        Assert.All(expected, key => Assert.Contains(key, documents, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_sets_one_property_does_not_take_back_what_another_set()
    {
        await using var store = await WatchedStore.OpenAsync(TestContext.Current.CancellationToken);
        await using var furnished = await FurnishedApi.StartAsync(store);
        (string Property, Func<int, string> Value)[] properties =
        [
            ("memory_mb", number => $"{128 + number}"), ("vcpus", number => $"{1 + (number % 8)}"), ("hostname", number => $"\"host-{number}\""), ("tags", number => $"[\"t{number}\"]"),
            ("annotations", number => $$"""{"a":"{{number}}"}"""), ("autokill", number => $$"""{"time_ms":{{1_000_000 + number}}}"""), ("restart_policy", number => number % 2 == 0 ? "\"always\"" : "\"on-failure\""),
            ("env", number => $$"""{"E":"{{number}}"}"""), ("schedules", number => $$"""[{"name":"s{{number}}","when":"daily","action":"stop"}]"""),
        ];
        await Task.WhenAll(properties.Select(async property =>
        {
            for (var number = 1; number <= Many; number++)
            {
                (await furnished.SendAsync("PATCH", "/v1/instances", $$"""{"name":"idle","prop":"{{property.Property}}","op":"set","value":{{property.Value(number)}}}""")).Success();
            }
        }));
        var item = await ItemAsync(furnished, "/v1/instances", "idle");
        Assert.Equal((128 + Many, 1, "host-32", "t32"), (item.Number("memory_mb"), item.Number("vcpus"), item.Text("hostname"), Entries(item, "tags").Single()));
        Assert.Equal(("32", 1_000_032, "always", "32", "s32"), (
            item.GetProperty("annotations").Text("a"), item.GetProperty("autokill").Number("time_ms"), item.Text("restart_policy"), item.GetProperty("env").Text("E"), Entries(item, "schedules").Single()));
    }

    [Theory]
    [InlineData("/v1/instances", "instances", """{"name":"one","image":"hello"}""")]
    [InlineData("/v1/services", "service_groups", """{"name":"one","services":[{"port":9000,"ip":"127.0.0.1"}]}""")]
    [InlineData("/v1/instances/checkpoints", "instances", """{"from":{"name":"idle"},"name":"one","timeout_s":60}""")]
    public async Task Of_many_who_make_the_same_name_one_has_it(string path, string key, string body)
    {
        await using var furnished = await FurnishedApi.StartAsync();
        var items = (await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => furnished.SendAsync("POST", path, body)))).SelectMany(answer => answer.Items(key)).ToArray();
        Assert.Single(items, item => item.Text("status") == "success");
        Assert.All(items.Where(item => item.Text("status") != "success"), item => Assert.Equal(23, item.Number("error")));
    }

    [Fact]
    public async Task Of_many_who_delete_one_thing_one_did()
    {
        await using var furnished = await FurnishedApi.StartAsync();
        var items = (await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => furnished.SendAsync("DELETE", "/v1/services", """[{"name":"spare"}]""")))).SelectMany(answer => answer.Items("service_groups")).ToArray();
        Assert.Single(items, item => item.Text("status") == "success");
        Assert.All(items.Where(item => item.Text("status") != "success"), item => Assert.Equal(8, item.Number("error")));
    }

    private static async Task<JsonElement> ItemAsync(FurnishedApi furnished, string path, string name) =>
        (await furnished.SendAsync("GET", $"{path}?name={name}", null)).Success().Body.GetProperty("data").EnumerateObject().Single().Value[0];

    private static IReadOnlyList<string> Entries(JsonElement item, string property) => !item.TryGetProperty(property, out var entries) ? []
        : entries.ValueKind == JsonValueKind.Object ? [.. entries.EnumerateObject().Select(member => member.Name)]
        : [.. entries.EnumerateArray().Select(entry => entry.ValueKind == JsonValueKind.String ? entry.GetString()! : property == "services" ? $"{entry.Number("port")}" : entry.Text(property == "domains" ? "fqdn" : "name")!)];

    private static string Key(string property, int number) => property switch
    {
        "domains" => $"d{number}.example",
        "services" => $"{9000 + number}",
        _ => $"k{number}",
    };

    private static string Value(string property, int number) => property switch
    {
        "tags" => $"[\"{Key(property, number)}\"]",
        "schedules" => $$"""[{"name":"{{Key(property, number)}}","when":"daily","action":"stop"}]""",
        "domains" => $$"""[{"name":"{{Key(property, number)}}."}]""",
        "services" => $$"""[{"port":{{Key(property, number)}},"ip":"127.0.0.1"}]""",
        _ => $$"""{"{{Key(property, number)}}":"v"}""",
    };
}
