using System.Net;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests;

/// <summary>GET of one and of many (platform API, "Identifiers" and "Lists").</summary>
public sealed class ListTests
{
    private const string Path = "/v1/instances";
    private const string Absent = "7f0c1d3e-0000-4000-8000-000000000000";

    [Fact]
    public async Task Nothing_is_an_empty_list()
    {
        await using var api = await TestApi.StartAsync();
        Assert.Empty((await api.GetAsync(Path)).Success().Items("instances"));
        Assert.Empty((await api.GetAsync("/v1/services")).Success().Items("service_groups"));
    }

    [Fact]
    public async Task One_is_found_by_path_query_and_body()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = (await api.CreateAsync("{\"name\": \"web\", \"image\": \"hello\"}")).Text("uuid");
        await api.CreateAsync("{\"name\": \"other\", \"image\": \"hello\"}");
        string[][] requests =
        [
            [$"{Path}/{uuid}"], [$"{Path}/{uuid!.ToUpperInvariant()}"], [$"{Path}?uuid={uuid}"], [$"{Path}?uuid[]={uuid}"], [$"{Path}?name=web"], [$"{Path}?name=WEB"],
            [Path, $"{{\"uuid\":\"{uuid}\"}}"], [Path, $"[{{\"uuid\":\"{uuid}\"}}]"], [Path, "[{\"name\":\"web\"}]"], [$"{Path}/{uuid}", ""], [$"{Path}/{uuid}", "{}"],
            [$"{Path}/{uuid}", $"[{{\"uuid\":\"{uuid}\"}}]"],
        ];
        foreach (var request in requests)
        {
            var item = Assert.Single((await api.GetAsync(request[0], request.ElementAtOrDefault(1))).Success().Items("instances"));
            Assert.Equal((uuid, "web", "stopped", "success"), (item.Text("uuid"), item.Text("name"), item.Text("state"), item.Text("status")));
        }
    }

    [Theory]
    [InlineData("?name=a&name=b")]
    [InlineData("?name=a,b")]
    [InlineData("?name[]=a&name[]=b")]
    public async Task Query_lists_are_repeated_or_separated_by_commas(string query)
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"hello\"}, {\"name\": \"c\", \"image\": \"hello\"}]");
        Assert.Equal(["a", "b"], (await api.GetAsync(Path + query)).Success().Items("instances").Names());
    }

    [Fact]
    public async Task Query_and_body_are_merged()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(Path, "[{\"name\": \"a\", \"image\": \"hello\"}, {\"name\": \"b\", \"image\": \"hello\"}]");
        Assert.Equal(["b", "a"], (await api.GetAsync(Path + "?name=b", "[{\"name\": \"a\"}]")).Success().Items("instances").Names());
    }

    [Fact]
    public async Task What_is_not_there_is_an_item_with_code_8_and_not_404()
    {
        await using var api = await TestApi.StartAsync();
        var byUuid = (await api.GetAsync($"{Path}/{Absent}")).ItemFailure("instances", 8, $"No instance with uuid '{Absent}'");
        Assert.Equal(Absent, byUuid.Text("uuid"));
        var byName = (await api.GetAsync($"{Path}?name=gone")).ItemFailure("instances", 8, "No instance with name 'gone'");
        Assert.Equal("gone", byName.Text("name"));
        (await api.GetAsync("/v1/services?name=gone")).ItemFailure("service_groups", 8, "No service group with name 'gone'");
        (await api.GetAsync($"/v1/services/{Absent}")).ItemFailure("service_groups", 8, $"No service group with uuid '{Absent}'");
    }

    [Fact]
    public async Task Some_there_and_some_not_is_a_partial_success()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        var answer = await api.GetAsync(Path + "?name=a,gone&uuid=nonsense");
        Assert.Equal((HttpStatusCode.OK, "partial_success"), (answer.Status, answer.Envelope));
        var items = answer.Items("instances");
        Answer.AssertFailed(items[0], 7, "Invalid uuid 'nonsense'");
        Assert.Equal("a", items[1].Text("name"));
        Answer.AssertFailed(items[2], 8, "No instance with name 'gone'");
    }

    [Theory]
    [InlineData("[{\"uuid\": \"" + Absent + "\", \"name\": \"a\"}]", 17, "Give 'uuid' or 'name', not both.")]
    [InlineData("[{}]", 13, "Neither 'uuid' nor 'name' is given.")]
    [InlineData("[{\"uuid\": \"web\"}]", 7, "Invalid uuid 'web'")]
    public async Task A_reference_that_is_wrong_fails_its_item(string body, int error, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync(Path, body)).ItemFailure("instances", error, message);
    }

    [Theory]
    [InlineData("?details=false", null)]
    [InlineData("?name=a&details=false", null)]
    [InlineData("", "[{\"name\": \"a\", \"details\": false}]")]
    public async Task Without_details_there_is_the_name_and_the_uuid(string query, string? body)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        var item = Assert.Single((await api.GetAsync(Path + query, body)).Success().Items("instances"));
        Assert.Equal(["status", "uuid", "name"], item.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Pages_begin_after_the_last_uuid_seen_and_miss_and_repeat_nobody()
    {
        await using var api = await TestApi.StartAsync();
        var all = (await api.PostAsync(Path, "{\"image\": \"hello\", \"replicas\": 24}")).Success().Items("instances").Select(item => item.Text("uuid")!).ToArray();
        Assert.Equal(all, await PagesAsync(""));
        Assert.Equal(all.Reverse(), await PagesAsync("&order=desc"));

        async Task<List<string>> PagesAsync(string order)
        {
            var seen = new List<string>();
            while (true)
            {
                var from = seen.Count == 0 ? "" : $"&from={seen[^1]}";
                var page = (await api.GetAsync($"{Path}?count=10{from}{order}")).Success().Items("instances");
                seen.AddRange(page.Select(item => item.Text("uuid")!));
                if (page.Length < 10)
                {
                    return seen;
                }
            }
        }
    }

    [Fact]
    public async Task A_time_is_where_the_list_begins()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("{\"name\": \"a\", \"image\": \"hello\"}");
        api.Node.Time.Advance(TimeSpan.FromHours(1));
        var second = await api.CreateAsync("{\"name\": \"b\", \"image\": \"hello\"}");
        api.Node.Time.Advance(TimeSpan.FromHours(1));
        await api.CreateAsync("{\"name\": \"c\", \"image\": \"hello\"}");
        var from = Uri.EscapeDataString(second.Text("created_at")!);
        Assert.Equal(["b", "c"], (await api.GetAsync($"{Path}?from={from}")).Success().Items("instances").Names());
        Assert.Equal(["b", "a"], (await api.GetAsync($"{Path}?from={from}&order=desc")).Success().Items("instances").Names());
    }

    [Fact]
    public async Task Only_who_has_all_tags_is_listed()
    {
        await using var api = await TestApi.StartAsync();
        await api.PostAsync(
            Path, "[{\"name\": \"a\", \"image\": \"hello\", \"tags\": [\"x\", \"y\"]}, {\"name\": \"b\", \"image\": \"hello\", \"tags\": [\"x\"]}, {\"name\": \"c\", \"image\": \"hello\"}]");
        // Created in one call, they have no order among them.
        Assert.Equal(["a", "b"], (await api.GetAsync(Path + "?tags=x")).Success().Items("instances").Names().Order(StringComparer.Ordinal));
        Assert.Equal(["a"], (await api.GetAsync(Path + "?tags=x,y")).Success().Items("instances").Names());
        Assert.Equal(["a"], (await api.GetAsync(Path + "?tags=x&tags=y")).Success().Items("instances").Names());
    }

    [Theory]
    [InlineData("count=-1", "Value of 'count' must be in the range 0 to 2147483647")]
    [InlineData("count=many", "'count' must be a whole number, not 'many'.")]
    [InlineData("order=up", "'order' must be asc or desc, not 'up'.")]
    [InlineData("sortby=size", "'sortby' must be create_time, not 'size'.")]
    [InlineData("from=yesterday", "'from' must be a uuid or a time, not 'yesterday'.")]
    [InlineData("details=maybe", "'details' must be true or false, not 'maybe'.")]
    public async Task A_query_that_cannot_be_read_is_400(string query, string message)
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync($"{Path}?{query}")).Failure(HttpStatusCode.BadRequest, message);
    }

    [Fact]
    public async Task A_query_that_nobody_knows_does_no_harm()
    {
        await using var api = await TestApi.StartAsync();
        (await api.GetAsync(Path + "?colour=red")).Success();
    }

    [Fact]
    public async Task Images_are_listed_with_what_they_say()
    {
        await using var api = await TestApi.StartAsync();
        foreach (var (path, tag) in ((string, string)[])[("/v1/images", "hello:latest"), ("/v1/images/list", "hello:latest"), ("/v1/image-store", "latest")])
        {
            var image = (await api.GetAsync(path)).Success().Items("images").Single(item => item.Text("url")!.StartsWith("hello@", StringComparison.Ordinal));
            Assert.Equal(tag, image.GetProperty("tags")[0].GetString());
            Assert.Equal("hello@sha256:" + new string('a', 64), image.Text("url"));
            Assert.Equal("1970-01-01T00:00:00.000000Z", image.Text("created_at"));
            Assert.Equal((1, false), (image.Number("size_in_bytes"), image.GetProperty("initrd_or_rom").GetBoolean()));
            Assert.Equal("/hello", image.GetProperty("args")[0].GetString());
            Assert.Equal("/bin", image.GetProperty("env").Text("PATH"));
        }

        Assert.Single((await api.GetAsync("/v1/images?tag=hello:latest")).Success().Items("images"));
        Assert.Single((await api.GetAsync("/v1/images/list", """[{"tag": "hello:latest"}, {"digest": "sha256:0"}]""")).Success().Items("images"));
        Assert.Empty((await api.GetAsync("/v1/images?digest=sha256:0")).Success().Items("images"));
    }
}
