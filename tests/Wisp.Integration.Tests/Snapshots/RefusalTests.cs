using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>Snapshots that are not what was written, or are another machine's: nothing is started of them, and what to do is said.</summary>
[Trait("needs", "vm")]
public sealed partial class RefusalTests
{
    private static readonly string[] Files = ["memory", "memory.index", "devices", "manifest.json"];
    private static readonly string[] Hibernating = ["--hibernate-after", "1ms"];

    [Fact]
    public async Task One_flipped_byte_in_any_file_is_found_and_once_mended_nothing_is_lost()
    {
        await using var wispd = new Wispd { Options = Hibernating };
        await Support.Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        using var client = new HttpClient();
        var sleepers = new List<(string Name, int Port, string Path)>();
        foreach (var file in Files)
        {
            var name = "s-" + file.Replace('.', '-');
            sleepers.Add((name, await HibernateAsync(wispd, client, name), Path.Combine(await DirectoryOfAsync(wispd, name), file)));
        }

        await wispd.KillAsync();
        sleepers.ForEach(sleeper => Flip(sleeper.Path));
        await wispd.StartAsync();
        foreach (var (name, port, path) in sleepers)
        {
            using var refused = await client.GetAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken);
            Assert.Equal(503, (int)refused.StatusCode);
            var said = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            // Whoever sends requests is told that it is damaged; where it lies is for whoever runs it.
            Assert.Contains($"'{name}'", said, StringComparison.Ordinal);
            Assert.Contains("cannot be woken", said, StringComparison.Ordinal);
            Assert.DoesNotContain(wispd.Data.Root, said, StringComparison.Ordinal);
            var started = await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/start", $$"""[{"name":"{{name}}"}]""");
            Assert.Contains(path, started["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("standby", (await wispd.InstanceAsync(name))["state"]!.GetValue<string>());
        }

        await wispd.KillAsync();
        sleepers.ForEach(sleeper => Flip(sleeper.Path));
        await wispd.StartAsync();
        foreach (var (_, port, _) in sleepers)
        {
            Assert.Equal("2", (await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken)).Trim());
        }
    }

    [Fact]
    public async Task One_of_another_qemu_is_refused_with_the_way_out_which_leads_out()
    {
        await using var wispd = new Wispd { Options = Hibernating };
        await Support.Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        using var client = new HttpClient();
        var port = await HibernateAsync(wispd, client, "foreign");
        var manifest = Path.Combine(await DirectoryOfAsync(wispd, "foreign"), "manifest.json");
        await wispd.KillAsync();
        await File.WriteAllTextAsync(manifest, Forge(await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        await wispd.StartAsync();
        using var refused = await client.GetAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken);
        Assert.Equal(503, (int)refused.StatusCode);
        var started = await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/start", """[{"name":"foreign"}]""");
        var message = started["message"]!.GetValue<string>();
        Assert.Contains("engine_version is '0.9' and '", message, StringComparison.Ordinal);
        Assert.Contains("wisp instances start foreign --cold", message, StringComparison.Ordinal);
        Assert.Equal("standby", (await wispd.InstanceAsync("foreign"))["state"]!.GetValue<string>());

        // What the command does.
        var cold = await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/start", """[{"name":"foreign","cold":true,"timeout_s":120}]""");
        Assert.Null(cold["error"]);
        await wispd.WaitAsync("foreign", "running", 120);
        Assert.Equal("1", (await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken)).Trim());
    }

    private static async Task<int> HibernateAsync(Wispd wispd, HttpClient client, string name)
    {
        var port = Ports.Free();
        await wispd.RunAsync(name, "hello", port, cooldown: 100);
        Assert.Equal("1", (await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken)).Trim());
        await wispd.WaitForDepthAsync(name, "hibernated");
        return port;
    }

    private static async Task<string> DirectoryOfAsync(Wispd wispd, string name) =>
        Path.Combine(wispd.Data.Snapshots, (await wispd.InstanceAsync(name))["snapshot"]!["uuid"]!.GetValue<string>());

    // In the middle; of a manifest, a letter that leaves it JSON.
    private static void Flip(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var old = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(old ^ 1));
    }

    // The digest, which is last, is of the text with zeros in its place.
    private static string Forge(string manifest)
    {
        var forged = Version().Replace(manifest, "${key}\"0.9\"");
        var zeros = new string('0', 64);
        var blank = Digest().Replace(forged, $"${{key}}\"{zeros}\"");
        return blank.Replace(zeros, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blank))), StringComparison.Ordinal);
    }

    [GeneratedRegex("""
        (?<key>"engine_version":\s)"[^"]*"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();

    [GeneratedRegex("""
        (?<key>"digest":\s)"[^"]*"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Digest();
}
