using System.IO.Compression;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>What applications rely on their kernel for is there in a guest.</summary>
[Trait("needs", "vm")]
public sealed class KernelFeatureTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;

    [Fact]
    public async Task What_applications_rely_on_works()
    {
        var log = await RunToEndAsync("features", "[]");
        var lines = log.Trim().Split('\n');
        Assert.All(lines.SkipLast(1), line => Assert.StartsWith("works: ", line, StringComparison.Ordinal));
        Assert.Equal($"{lines.Length - 1} checked", lines[^1]);
    }

    [Fact]
    public async Task The_kernel_is_configured_as_it_was_asked_for()
    {
        var packed = Convert.FromBase64String((await RunToEndAsync("config", """["config"]""")).Trim());
        using var reader = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        var got = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        var asked = (await File.ReadAllLinesAsync(Path.Combine(Node.Root, "src", "Wisp.Artifacts", "Kernel", "guest.config"), TestContext.Current.CancellationToken))
            .Where(line => line.StartsWith("CONFIG_", StringComparison.Ordinal));
        Assert.Empty(asked.Except(got, StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_application_that_listens_on_vsock_hears_that_its_machine_will_sleep()
    {
        await node.ImageAsync("features");
        var port = Ports.Free();
        var made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"notice","image":"features","memory_mb":128,"args":["notice"],"autostart":true,"timeout_s":120,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]},
             "scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":1500,"notify_time_ms":1000} }
            """);
        Assert.Null(made["error"]);
        Assert.Contains("told: scaletozero", await _wispd.WaitForLogAsync("notice", "told: "), StringComparison.Ordinal);
        await _wispd.WaitAsync("notice", "standby");
        await _wispd.DeleteAsync("notice");
    }

    private async Task<string> RunToEndAsync(string name, string args)
    {
        await node.ImageAsync("features");
        var made = await _wispd.ItemAsync(
            HttpMethod.Post, "/v1/instances", $$"""{"name":"{{name}}","image":"features","memory_mb":192,"args":{{args}},"autostart":true,"restart_policy":"never"}""");
        Assert.Null(made["error"]);
        await _wispd.WaitAsync(name, "stopped", 120);
        var log = await _wispd.LogAsync(name);
        await _wispd.DeleteAsync(name);
        return log;
    }
}
