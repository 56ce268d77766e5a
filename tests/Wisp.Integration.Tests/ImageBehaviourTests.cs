using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>What a Dockerfile says about running is what happens, as with Docker.</summary>
[Trait("needs", "vm")]
public sealed class ImageBehaviourTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;

    [Theory]
    [InlineData("shell-form", "argv0 is /bin/sh, WORD is from ENV, 6 times 7 is 42")]
    [InlineData("user-by-name", "uid=4242 gid=4242 groups=4242 4300 home=/home/worker")]
    [InlineData("user-by-id", "uid=1234 gid=5678 groups=5678 home=/")]
    [InlineData("workdir-relative", "./run first second in /srv/app")]
    public async Task The_image_is_run_as_it_says(string image, string said)
    {
        var (instance, log) = await RunToEndAsync(image);
        Assert.Equal(said, log.Trim());
        Assert.Equal(0, instance["exit_code"]!.GetValue<int>());
        Assert.Equal(3, instance["stop_reason"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("exit3", 3)]
    [InlineData("missing-binary", 127)]
    [InlineData("not-executable", 126)]
    [InlineData("crash", 139)]
    public async Task The_exit_code_comes_back(string image, int code)
    {
        var (instance, _) = await RunToEndAsync(image);
        Assert.Equal(code, instance["exit_code"]!.GetValue<int>());
        Assert.Equal(3, instance["stop_reason"]!.GetValue<int>());
    }

    [Fact]
    public async Task Out_of_memory_is_told_apart_from_a_crash()
    {
        var (instance, _) = await RunToEndAsync("out-of-memory");
        Assert.Equal(818_948, instance["stop_code"]!.GetValue<int>());
        Assert.Equal(1, instance["stop_reason"]!.GetValue<int>());
    }

    [Fact]
    public async Task Args_replace_cmd_and_env_adds_to_the_images()
    {
        var (_, log) = await RunToEndAsync(
            "shell-form", ""","args":["/bin/sh","-c","echo $WORD and $MORE; hostname; grep -c $(hostname) /etc/hosts; grep -c nameserver /etc/resolv.conf; touch /new && cat /new && echo writable; echo pid $$"],"env":{"MORE":"a=b, c"}""");
        var lines = log.Trim().Split('\n');
        Assert.Equal("from ENV and a=b, c", lines[0]);
        Assert.Equal("args-shell-form", lines[1]);
        Assert.Equal("1", lines[2]);
        Assert.Equal("writable", lines[4]);
        // Not process 1: that one reaps.
        Assert.NotEqual("pid 1", lines[5]);
    }

    [Fact]
    public async Task A_full_disk_is_the_applications_own_affair()
    {
        var (instance, log) = await RunToEndAsync("writes-disk", memory: 256);
        Assert.Contains("No space left on device", log, StringComparison.Ordinal);
        Assert.Contains("writes again", log, StringComparison.Ordinal);
        Assert.Equal(0, instance["exit_code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Orphans_are_reaped()
    {
        var name = await StartAsync("zombie-maker");
        var log = await _wispd.WaitForLogAsync(name, "round 2:");
        Assert.Contains("round 1: 20 orphans made, 0 zombies left", log, StringComparison.Ordinal);
        await _wispd.DeleteAsync(name);
    }

    [Fact]
    public async Task The_images_stop_signal_is_sent()
    {
        var (instance, log) = await StopWhenReadyAsync("stop-signal", drainMs: 20_000);
        Assert.Contains("SIGUSR1 came", log, StringComparison.Ordinal);
        Assert.Equal(0, instance["exit_code"]!.GetValue<int>());
        Assert.Equal(15, instance["stop_reason"]!.GetValue<int>());
    }

    [Fact]
    public async Task One_that_ignores_the_signal_is_ended_when_the_grace_is_over()
    {
        var (instance, log) = await StopWhenReadyAsync("ignores-sigterm", drainMs: 1000);
        Assert.Contains("SIGTERM came; going on", log, StringComparison.Ordinal);
        Assert.Equal(16, instance["stop_reason"]!.GetValue<int>() & 16);
    }

    [Fact]
    public async Task A_stopped_server_drains_first()
    {
        var port = Ports.Free();
        await _wispd.RunAsync("drains", "hello", port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        // Under way, its first piece being here, before the instance is stopped.
        using var answer = await client.GetAsync("/stream?n=2&ms=1500", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await _wispd.ItemAsync(HttpMethod.Put, "/v1/instances/stop", """[{"name":"drains","drain_timeout_ms":20000}]""");
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await _wispd.WaitAsync("drains", "stopped");
        Assert.Contains("draining", await _wispd.LogAsync("drains"), StringComparison.Ordinal);
        await _wispd.DeleteAsync("drains");
    }

    private async Task<(JsonObject Instance, string Log)> StopWhenReadyAsync(string image, int drainMs)
    {
        var name = await StartAsync(image);
        await _wispd.WaitForLogAsync(name, "ready");
        await _wispd.ItemAsync(HttpMethod.Put, "/v1/instances/stop", $$"""[{"name":"{{name}}","drain_timeout_ms":{{drainMs}}}]""");
        return await EndOfAsync(name);
    }

    private async Task<(JsonObject Instance, string Log)> RunToEndAsync(string image, string extra = "", int memory = 128) =>
        await EndOfAsync(await StartAsync(image, extra, memory));

    private async Task<(JsonObject Instance, string Log)> EndOfAsync(string name)
    {
        await _wispd.WaitAsync(name, "stopped", 120);
        var instance = await _wispd.InstanceAsync(name);
        var log = await _wispd.LogAsync(name);
        await _wispd.DeleteAsync(name);
        return (instance, log);
    }

    private async Task<string> StartAsync(string image, string extra = "", int memory = 128)
    {
        await node.ImageAsync(image);
        var name = (extra.Length > 0 ? "args-" : "run-") + image;
        await _wispd.CallAsync(
            HttpMethod.Post, "/v1/instances", $$"""{"name":"{{name}}","image":"{{image}}","memory_mb":{{memory}},"autostart":true,"restart_policy":"never"{{extra}}}""");
        return name;
    }
}
