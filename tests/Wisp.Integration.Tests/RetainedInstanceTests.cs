using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>What is kept of deleted instances (<c>--retain-deleted</c>), with a real machine and over a kill of wispd.</summary>
[Trait("needs", "vm")]
public sealed class RetainedInstanceTests
{
    [Fact]
    public async Task A_deleted_machine_is_seen_by_its_uuid_with_its_console_until_it_is_deleted_for_good()
    {
        await using var wispd = new Wispd { Options = ["--retain-deleted", "1h"] };
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("web", "hello", port, policy: "off");
        var made = await wispd.InstanceAsync("web");
        var uuid = made["uuid"]!.GetValue<string>();
        Assert.NotNull(wispd.FindVmm(uuid));
        await wispd.DeleteAsync("web");
        Assert.Null(wispd.FindVmm(uuid));
        var console = await ShowAsync(wispd, uuid);
        Assert.NotEmpty(console);
        await wispd.KillAsync();
        await wispd.StartAsync();
        Assert.Equal(console, await ShowAsync(wispd, uuid));
        // Its name, address and port are free.
        await wispd.RunAsync("web", "hello", port, policy: "off");
        await wispd.DeleteAsync("web");
        await wispd.CallAsync(HttpMethod.Delete, $"/v1/instances/{uuid}");
        Assert.Equal(8, (await wispd.CallAsync(HttpMethod.Get, $"/v1/instances/{uuid}"))["data"]!["instances"]![0]!["error"]!.GetValue<int>());
        Assert.False(Directory.Exists(Path.Combine(wispd.Data.Instances, uuid)), "its directory stays");
    }

    [Theory]
    [InlineData("soon", "--retain-deleted: ")]
    [InlineData("3651d", "--retain-deleted takes at most 3650d.")]
    public async Task A_time_that_is_none_is_refused_and_nothing_is_served(string time, string why)
    {
        await using var wispd = new Wispd();
        var ran = await wispd.RunOnceAsync("serve", "--data-dir", wispd.Data.Root, "--listen", "127.0.0.1:0", "--retain-deleted", time);
        Assert.False(ran.Ok);
        Assert.Contains(why, ran.Stderr, StringComparison.Ordinal);
        Assert.False(File.Exists(wispd.Data.StateDatabase));
    }

    private static async Task<string> ShowAsync(Wispd wispd, string uuid)
    {
        var kept = await wispd.ItemAsync(HttpMethod.Get, $"/v1/instances/{uuid}");
        Assert.Equal("deleted", kept["state"]!.GetValue<string>());
        Assert.NotNull(kept["retained_until"]);
        Assert.Empty(await wispd.ListAsync("/v1/instances"));
        return (await wispd.ItemAsync(HttpMethod.Get, $"/v1/instances/{uuid}/log"))["output"]!.GetValue<string>();
    }
}
