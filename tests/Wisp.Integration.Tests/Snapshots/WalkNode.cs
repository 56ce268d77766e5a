using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests.Snapshots;

/// <summary>A node whose wispd and VMMs are killed, with what has to be so whenever it happened.</summary>
public sealed class WalkNode : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Wispd Wispd { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Support.Node.BuildAsync(Wispd, "hello");
        await Wispd.StartAsync();
        // Makes the boot snapshot, so that no boot is part of what is walked.
        await Wispd.RunAsync("first", "hello", Ports.Free(), policy: "off");
        await Wispd.DeleteAsync("first");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Wispd.DisposeAsync();
        Assert.Equal(0, Wispd.DownExitCode);
    }

    /// <summary>kill -9, if it is still there.</summary>
    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself just now.
        }
    }

    /// <summary>A new wispd over what the last one left, which was killed.</summary>
    public async Task RestartAsync(params IReadOnlyList<string> options)
    {
        Wispd.Options = options;
        await Wispd.KillAsync();
        await Wispd.StartAsync();
    }

    /// <summary>The instance's counter, one further.</summary>
    public async Task<int> CountAsync(int port) =>
        int.Parse(await _client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

    /// <summary>The instance once it is neither starting nor stopping; null when there is none.</summary>
    public async Task<JsonObject?> SettledAsync(string name)
    {
        while (true)
        {
            var instance = (await Wispd.ListAsync("/v1/instances")).SingleOrDefault(item => item["name"]!.GetValue<string>() == name);
            if (instance?["state"]!.GetValue<string>() is not ("starting" or "stopping" or "draining"))
            {
                return instance;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until it is known that a machine was killed: its instance has stopped, sleeps without one, or has another.</summary>
    public async Task UntilMissedAsync(string uuid, int vmm)
    {
        while ((await Wispd.ListAsync("/v1/instances")).SingleOrDefault(item => item["uuid"]!.GetValue<string>() == uuid) is { } instance
            && instance["state"]!.GetValue<string>() != "stopped"
            && instance["standby_depth"]?.GetValue<string>() != "hibernated"
            && (Wispd.FindVmm(uuid) ?? vmm) == vmm)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Nothing half made, and no machine that nobody knows of; at once after a restart of wispd, soon while it runs.</summary>
    public async Task AssertTidyAsync()
    {
        // Files are deleted behind everybody's back, on a disk that others write to as well.
        for (var patience = 600; ; patience--)
        {
            var (drafts, orphans) = (Traces.Drafts(Wispd.Data), Traces.Orphans(Wispd.Data));
            if (drafts.Count + orphans.Count == 0)
            {
                return;
            }

            Assert.True(patience > 0, $"Left: {string.Join(", ", drafts.Concat(orphans))}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Deletes everything; then nothing of it may be left but the boot snapshot.</summary>
    public async Task ClearAsync()
    {
        foreach (var kind in (string[])["instances", "instances/templates", "instances/checkpoints"])
        {
            foreach (var item in await Wispd.ListAsync("/v1/" + kind))
            {
                await Wispd.CallAsync(HttpMethod.Delete, $"/v1/{kind}/{item["uuid"]}");
            }

            Assert.Empty(await Wispd.ListAsync("/v1/" + kind));
        }

        await Wispd.CallAsync(HttpMethod.Post, "/v1/snapshots/gc", "{}");
        await AssertTidyAsync();
        Assert.Empty(Traces.Taps(Wispd.Data));
        Assert.All(await Wispd.ListAsync("/v1/snapshots"), snapshot => Assert.Equal("boot", snapshot["kind"]!.GetValue<string>()));
        Assert.Empty(Directory.GetDirectories(Wispd.Data.Instances));
    }
}
