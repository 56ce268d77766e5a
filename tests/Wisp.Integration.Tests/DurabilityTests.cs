using System.Diagnostics;
using System.Globalization;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>wispd dies, or a VMM does: nothing is lost, nothing is left. Each test has a wispd of its own.</summary>
[Trait("needs", "vm")]
public sealed class DurabilityTests
{
    [Fact]
    public async Task Machines_outlive_a_killed_wispd_asleep_or_awake_and_nothing_is_left_after_down()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        await wispd.RunAsync("asleep", "hello", ports[0]);
        await wispd.RunAsync("awake", "hello", ports[1], extra: ""","tags":["kept"]""", policy: "off");
        using var client = new HttpClient();
        var counted = new int[2];
        for (var i = 0; i < 2; i++)
        {
            counted[i] = await CountAsync(client, ports[i]);
        }

        await wispd.WaitAsync("asleep", "standby");
        int[] vmms = [wispd.VmmPid(await wispd.InstanceAsync("asleep")), wispd.VmmPid(await wispd.InstanceAsync("awake"))];

        await wispd.KillAsync();
        Assert.All(vmms, pid => Assert.True(Directory.Exists($"/proc/{pid}"), "a machine ended with wispd"));
        await wispd.StartAsync();

        Assert.Equal("standby", (await wispd.InstanceAsync("asleep"))["state"]!.GetValue<string>());
        Assert.Equal("running", (await wispd.InstanceAsync("awake"))["state"]!.GetValue<string>());
        Assert.Equal("kept", (await wispd.InstanceAsync("awake"))["tags"]![0]!.GetValue<string>());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(counted[i] + 1, await CountAsync(client, ports[i]));
        }

        Assert.Equal(vmms[0], wispd.VmmPid(await wispd.InstanceAsync("asleep")));
        // A second one at the same data directory is told of the first, which goes on.
        var second = await wispd.RunOnceAsync("serve", "--data-dir", wispd.Data.Root, "--listen", "127.0.0.1:0");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"already serves {wispd.Data.Root} (pid {wispd.Pid}", second.Stderr, StringComparison.Ordinal);
        Assert.Equal(counted[0] + 2, await CountAsync(client, ports[0]));

        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
        // The one that ran was asked, and not just killed; the one that slept was frozen.
        Assert.Single(wispd.LastLogs, log => log.Contains("draining", StringComparison.Ordinal));
        Assert.All(vmms, pid => Assert.False(Alive(pid), "a machine runs on after down"));
        Assert.DoesNotContain(File.ReadLines("/proc/self/mounts"), line => line.Contains(wispd.Data.Root, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_vmm_is_reported_at_once_and_the_others_run_on()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        var victim = await wispd.RunAsync("victim", "hello", ports[0], policy: "off");
        await wispd.RunAsync("bystander", "hello", ports[1], policy: "off");
        // An answer that is under way: its first piece is here, its second would take ten minutes.
        using var client = new HttpClient();
        using var begun = await client.GetAsync(
            $"http://127.0.0.1:{ports[0]}/stream?n=2&ms=600000", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var body = begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using (var vmm = Process.GetProcessById(wispd.VmmPid(victim)))
        {
            vmm.Kill();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => body.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(body.IsFaulted, "the answer went on waiting for a machine that is dead");
        await wispd.WaitAsync("victim", "stopped", 10);
        var instance = await wispd.InstanceAsync("victim");
        Assert.Equal(1, instance["stop_reason"]!.GetValue<int>());
        Assert.Null(instance["exit_code"]);
        using var refused = await client.GetAsync($"http://127.0.0.1:{ports[0]}/");
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Contains("victim", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await CountAsync(client, ports[1]) > 0);

        await wispd.ItemAsync(HttpMethod.Put, "/v1/instances/start", """[{"name":"victim"}]""");
        await wispd.WaitAsync("victim", "running");
        Assert.Equal(1, await CountAsync(client, ports[0]));
    }

    [Fact]
    public async Task A_vmm_that_died_while_wispd_was_away_is_found_stopped()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        var instance = await wispd.RunAsync("gone", "hello", Ports.Free());
        await wispd.KillAsync();
        using (var vmm = Process.GetProcessById(wispd.VmmPid(instance)))
        {
            vmm.Kill();
        }

        await wispd.StartAsync();
        await wispd.WaitAsync("gone", "stopped", 10);
    }

    [Fact]
    public async Task A_wispd_that_is_killed_as_a_vmm_starts_leaves_no_vmm()
    {
        await using var wispd = new Wispd();
        await Node.BuildAsync(wispd, "hello");
        await wispd.StartAsync();
        await KillAtStartAsync(wispd, "orphan");
        await wispd.StartAsync();
        await wispd.DeleteAsync("orphan");
        Assert.Empty(VmmsOf(wispd));

        // In the slot that the first had.
        var port = Ports.Free();
        await wispd.RunAsync("next", "hello", port, policy: "off");
        using var client = new HttpClient();
        Assert.Equal(1, await CountAsync(client, port));

        await KillAtStartAsync(wispd, "another");
        await wispd.DisposeAsync();
        Assert.Equal(0, wispd.DownExitCode);
        Assert.Empty(VmmsOf(wispd));
    }

    [Fact]
    public async Task A_full_disk_costs_no_instance()
    {
        await using var wispd = new Wispd();
        await using var disk = await TinyDisk.MountAsync(wispd.Data.Root, mebibytes: 256);
        await Node.BuildAsync(wispd, "hello");
        await Node.BuildAsync(wispd, "chatty");
        await wispd.StartAsync();
        var port = Ports.Free();
        await wispd.RunAsync("steady", "hello", port, policy: "off");
        using var client = new HttpClient();
        Assert.Equal(1, await CountAsync(client, port));

        disk.Fill();
        // One that floods its log, on a disk without room for it.
        var refused = await wispd.CallAsync(HttpMethod.Post, "/v1/instances", """{"name":"late","image":"chatty","memory_mb":128,"autostart":true}""");
        Assert.Equal("error", refused["status"]!.GetValue<string>());
        Assert.Contains("disk", refused.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        using var noisy = await client.GetAsync($"http://127.0.0.1:{port}/log?line=into-the-void");
        Assert.True(noisy.IsSuccessStatusCode);
        Assert.Equal(2, await CountAsync(client, port));

        disk.Empty();
        Assert.Equal(3, await CountAsync(client, port));
        var made = await wispd.CallAsync(HttpMethod.Post, "/v1/instances", """{"name":"later","image":"hello","memory_mb":128}""");
        Assert.Equal("success", made["status"]!.GetValue<string>());
        await wispd.DisposeAsync();
    }

    private static async Task<int> CountAsync(HttpClient client, int port) =>
        int.Parse(await client.GetStringAsync($"http://127.0.0.1:{port}/count", TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

    // Starts an instance and kills wispd as soon as there is a VMM for it.
    private static async Task KillAtStartAsync(Wispd wispd, string name)
    {
        var made = await wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""{"name":"{{name}}","image":"hello","memory_mb":128}""");
        var given = Path.Combine(wispd.Data.Instances, made["uuid"]!.GetValue<string>(), "vmm");
        var before = VmmsOf(wispd).ToHashSet(StringComparer.Ordinal);
        var starting = wispd.CallAsync(HttpMethod.Put, $"/v1/instances/{made["uuid"]}/start");
        while (!Directory.Exists(given) && !VmmsOf(wispd).Except(before, StringComparer.Ordinal).Any())
        {
            Assert.False(starting.IsFaulted, starting.Exception?.ToString());
            await Task.Yield();
        }

        await wispd.KillAsync();
        // Answered before, or not at all.
        await starting.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    // A VMM's command line names the directory that it was started in.
    private static IEnumerable<string> VmmsOf(Wispd wispd) =>
        Directory.EnumerateDirectories("/proc").Where(process =>
        {
            try
            {
                var words = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
                return Path.GetFileName(words[0]).StartsWith("qemu-system", StringComparison.Ordinal)
                    && words.Any(word => word.Contains(wispd.Data.Vmms + "/", StringComparison.Ordinal));
            }
            catch (IOException)
            {
                return false;
            }
        });

    // A zombie that nobody has buried yet does not run.
    private static bool Alive(int pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
