using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Network;

/// <summary>Instances that ask for each other by name and reach each other, or not; real machines.</summary>
[Trait("needs", "vm")]
public sealed class PrivateNetworkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_of_one_account_know_and_reach_each_other_and_another_account_does_neither()
    {
        await using var wispd = await StartAsync();
        var (web, db) = (Ports.Free(), Ports.Free());
        var first = await RunAsync(wispd, "web", web);
        var second = await RunAsync(wispd, "db", db);
        Assert.Equal("db.internal", Text(second, "private_fqdn"));
        Assert.Equal(Text(first, "gateway"), Text(first, "nameserver"));
        Assert.Equal(Text(second, "private_ip"), await GetAsync(web, "/resolve/db.internal"));
        Assert.Equal("unknown", await GetAsync(web, "/resolve/nobody.internal"));
        Assert.Equal("db.internal", await GetAsync(web, $"/reverse/{Text(second, "private_ip")}"));
        Assert.Equal("1", await GetAsync(web, "/fetch/db.internal/count"));
        Assert.Equal("1", await GetAsync(db, "/fetch/web.internal/count"));
        Assert.Equal("1 line 1\n2 line 2\n", await GetAsync(web, "/talk/db.internal/2"));

        await AsSomebodyElseAsync(wispd);
        var foreign = Ports.Free();
        var stranger = await RunAsync(wispd, "stranger", foreign);
        Assert.Equal("unknown", await GetAsync(foreign, "/resolve/db.internal"));
        Assert.Equal("unknown", await GetAsync(foreign, $"/reverse/{Text(second, "private_ip")}"));
        Assert.Equal("silent", await GetAsync(foreign, $"/knock/{Text(second, "private_ip")}"));
        Assert.Equal("unknown", await GetAsync(web, "/resolve/stranger.internal"));
        Assert.Equal("silent", await GetAsync(web, $"/knock/{Text(stranger, "private_ip")}"));
    }

    [Theory]
    [InlineData("paused", "true")]
    [InlineData("hibernated", "true")]
    [InlineData("discarded", "false")]
    public async Task One_that_sleeps_is_woken_by_another_and_answers_it(string depth, string stateful)
    {
        await using var wispd = await StartAsync(depth == "hibernated" ? ["--hibernate-after", "1ms"] : []);
        var (web, db) = (Ports.Free(), Ports.Free());
        await RunAsync(wispd, "web", web);
        await RunAsync(wispd, "db", db, "on", stateful);
        Assert.Equal("1", await GetAsync(db, "/count"));
        for (var round = 0; round < 3; round++)
        {
            await wispd.WaitForDepthAsync("db", depth);
            var next = stateful == "true" ? $"{round + 2}" : "1";
            Assert.Equal(next, await GetAsync(web, "/fetch/db.internal/count"));
        }

        // A wispd that comes after it still has it called.
        await wispd.WaitForDepthAsync("db", depth);
        await wispd.KillAsync();
        await wispd.StartAsync();
        Assert.Equal(stateful == "true" ? "5" : "1", await GetAsync(web, "/fetch/db.internal/count"));
    }

    [Fact]
    public async Task What_another_says_over_a_connection_keeps_it_awake_and_wakes_it_later()
    {
        await using var wispd = await StartAsync();
        var (web, db) = (Ports.Free(), Ports.Free());
        await RunAsync(wispd, "web", web);
        var uuid = Text(await RunAsync(wispd, "db", db, "on", "true"), "uuid");
        await GetAsync(web, "/fetch/db.internal/count");
        var before = await WakesAsync(wispd, uuid);
        // Each line is a tenth of a second after the one before; the cooldown is three.
        Assert.Equal(30, (await GetAsync(web, "/talk/db.internal/30")).Split('\n').Length - 1);
        Assert.Equal(before, await WakesAsync(wispd, uuid));
        await wispd.WaitAsync("db", "standby");
        Assert.Equal("2", await GetAsync(web, "/fetch/db.internal/count"));
        // It answers as soon as it runs, which may be before its wake is counted.
        var wakes = before;
        while (wakes == before)
        {
            wakes = await WakesAsync(wispd, uuid);
        }

        Assert.Equal(before + 1, wakes);
    }

    [Fact]
    public async Task One_that_another_waits_for_does_not_fall_asleep_over_the_answer()
    {
        await using var wispd = await StartAsync();
        var (web, db) = (Ports.Free(), Ports.Free());
        await RunAsync(wispd, "web", web);
        // Asleep, it would have ended, and whoever asked it with it.
        var uuid = Text(await RunAsync(wispd, "db", db, "on", "false"), "uuid");
        await wispd.WaitForDepthAsync("db", "discarded");
        var before = await WakesAsync(wispd, uuid);
        Assert.Equal("slow", await GetAsync(web, "/fetch/db.internal/slow/5"));
        // It answered, and sleeps.
        await wispd.WaitForDepthAsync("db", "discarded");
        Assert.Equal(before + 1, await WakesAsync(wispd, uuid));
    }

    private static async Task<Wispd> StartAsync(params string[] options)
    {
        var wispd = new Wispd { Options = ["--private-network", .. options] };
        await Support.Node.BuildAsync(wispd, "peer");
        await wispd.StartAsync();
        return wispd;
    }

    private static Task<JsonObject> RunAsync(Wispd wispd, string name, int port, string policy = "off", string stateful = "true") =>
        RunAsync(wispd, name, $$"""
            "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]},
            "scale_to_zero":{"policy":"{{policy}}","stateful":{{stateful}},"cooldown_time_ms":300}
            """);

    private static async Task<JsonObject> RunAsync(Wispd wispd, string name, string rest)
    {
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""{"name":"{{name}}","image":"peer","memory_mb":128,"autostart":true,"timeout_s":120,{{rest}}}""");
        Assert.True(made["error"] is null, made.ToJsonString());
        return await wispd.InstanceAsync(name);
    }

    // From here on, this wispd's API is asked by another account.
    private static async Task AsSomebodyElseAsync(Wispd wispd)
    {
        Assert.Null((await wispd.ItemAsync(HttpMethod.Post, "/v1/users", """{"name":"other"}"""))["error"]);
        var token = await wispd.ItemAsync(HttpMethod.Post, "/v1/users/tokens", """{"name":"other","role":"write"}""");
        wispd.Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Text(token, "token"));
    }

    private static async Task<string> GetAsync(int port, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        return await client.GetStringAsync(path, Cancel);
    }

    private static async Task<long> WakesAsync(Wispd wispd, string uuid)
    {
        var figures = await wispd.Api.GetStringAsync($"/v1/instances/metrics?uuid={uuid}", Cancel);
        var line = figures.Split('\n').Single(line => line.StartsWith("instance_wakeup_latency_seconds_count", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string Text(JsonObject item, string member) => item[member]!.GetValue<string>();
}
