using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>Clones are machines of their own: what one of them draws, is called or reaches, no other does.</summary>
[Trait("needs", "vm")]
public sealed class CloneTests
{
    private const int Clones = 100;

    [Fact]
    public async Task A_hundred_clones_have_nothing_in_common_that_tells_machines_apart()
    {
        await using var wispd = new Wispd();
        await Support.Node.BuildAsync(wispd, "python");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("master", "python", port, policy: "off");
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        // What it has drawn already, its clones must not draw again.
        var master = JsonNode.Parse(await client.GetStringAsync($"http://127.0.0.1:{port}/identity", TestContext.Current.CancellationToken))!;
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances/templates", """[{"name":"master","timeout_s":120}]""");
        Assert.Null(made["error"]);
        var answer = await wispd.CallAsync(HttpMethod.Post, "/v1/instances", $$"""{"template":{"name":"master"},"name":"clone","replicas":{{Clones - 1}},"autostart":true,"timeout_s":150}""");
        Assert.Equal("success", answer["status"]!.GetValue<string>());
        var clones = answer["data"]!["instances"]!.AsArray();
        Assert.Equal(Clones, clones.Count);

        var identities = await Task.WhenAll(clones.Select(async clone =>
            JsonNode.Parse(await client.GetStringAsync($"http://{clone!["private_ip"]}:8080/identity", TestContext.Current.CancellationToken))!));
        foreach (var (clone, identity) in clones.Zip(identities))
        {
            Assert.Equal(clone!["private_ip"]!.GetValue<string>(), identity["address"]!.GetValue<string>());
            Assert.Equal(clone["network_interfaces"]![0]!["mac"]!.GetValue<string>(), identity["mac"]!.GetValue<string>());
            Assert.Equal(clone["hostname"]!.GetValue<string>(), identity["hostname"]!.GetValue<string>());
        }

        // The template has no address any more, so a clone may have the one that it had.
        Assert.All((string[])["hostname", "address", "mac"], what => Assert.Equal((what, Clones), (what, Distinct(identities, what))));
        Assert.All((string[])["urandom", "getrandom", "uuid4"], what => Assert.Equal((what, Clones + 1), (what, Distinct(identities.Append(master), what))));
        Assert.Equal(Clones, clones.Select(clone => clone!["uuid"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
    }

    private static int Distinct(IEnumerable<JsonNode> identities, string what) =>
        identities.Select(identity => identity[what]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count();
}
