using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>No room for a snapshot: whatever was to be frozen goes on, and the path is named.</summary>
[Trait("needs", "vm")]
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_costs_no_instance_its_memory_and_names_the_path()
    {
        await using var wispd = new Wispd { Options = ["--reclaim-after", "1ms", "--hibernate-after", "300ms"] };
        await using var disk = await TinyDisk.MountAsync(wispd.Data.Root, mebibytes: 768);
        await Support.Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        await wispd.RunAsync("steady", "hello", ports[0], policy: "off");
        await wispd.RunAsync("sleepy", "hello", ports[1], cooldown: 86_400_000);
        using var client = new HttpClient();
        Assert.Equal(["1", "1"], await CountAsync(client, ports));

        disk.Fill();
        foreach (var path in (string[])["checkpoints", "templates"])
        {
            var body = path == "checkpoints" ? """[{"from":{"name":"steady"},"timeout_s":60}]""" : """[{"name":"steady","timeout_s":60}]""";
            var refused = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/" + path, body);
            Assert.Contains(wispd.Data.Snapshots, refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("running", (await wispd.InstanceAsync("steady"))["state"]!.GetValue<string>());
        }

        await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/suspend", """[{"name":"sleepy"}]""");
        // It is tried, and tried again; each time it sleeps on in memory.
        await wispd.WaitForOutputAsync("sleeps on in memory", wispd.Data.Snapshots);
        Assert.Equal("paused", (await wispd.InstanceAsync("sleepy"))["standby_depth"]!.GetValue<string>());
        Assert.Equal(["2", "2"], await CountAsync(client, ports));
        Assert.Empty(Traces.Drafts(wispd.Data));

        disk.Empty();
        await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/suspend", """[{"name":"sleepy"}]""");
        await wispd.WaitForDepthAsync("sleepy", "hibernated");
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/checkpoints", """[{"from":{"name":"steady"},"timeout_s":60}]""");
        Assert.Null(made["error"]);
        Assert.Equal(["3", "3"], await CountAsync(client, ports));
        await wispd.DisposeAsync();
    }

    private static async Task<string[]> CountAsync(HttpClient client, int[] ports)
    {
        var counts = new List<string>();
        foreach (var port in ports)
        {
            counts.Add((await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken)).Trim());
        }

        return [.. counts];
    }
}
