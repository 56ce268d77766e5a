using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>What a guest and its VMM can reach, and what they are.</summary>
[Trait("needs", "vm")]
public sealed class IsolationTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;

    [Fact]
    public async Task A_guest_reaches_neither_the_host_nor_another_guest_but_the_world_behind_it()
    {
        await node.ImageAsync("shell-form");
        await using var world = await OutsideWorld.MakeAsync();
        using var everywhere = new TcpListener(IPAddress.Any, 0);
        everywhere.Start();
        var hostPort = ((IPEndPoint)everywhere.LocalEndpoint).Port;
        var apiPort = new Uri(_wispd.Endpoint).Port;
        var neighbour = await _wispd.RunAsync("neighbour", "hello", Ports.Free(), policy: "off");
        var neighbourAddress = neighbour["private_ip"]!.GetValue<string>();
        // The first address of the node's subnet is the gateway's, which is on the host.
        var gateway = Gateway(neighbourAddress);

        // perl is in Debian's base; a connection is "open", "refused" or "silent".
        const string probe =
            "use IO::Socket::INET; for (@ARGV) { my $s = IO::Socket::INET->new(PeerAddr => $_, Timeout => 2); "
            + "print \"$_ \", ($s ? \"open\" : $! =~ /refused/i ? \"refused\" : \"silent\"), \"\\n\" }";
        string[] targets = [$"{gateway}:{apiPort}", $"{gateway}:{hostPort}", $"{world.HostAddress}:{hostPort}", $"{neighbourAddress}:8080", $"{world.Address}:{world.Port}"];
        var args = string.Join(',', targets.Select(target => $"\"{target}\""));
        await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"prober","image":"shell-form","memory_mb":128,"autostart":true,"restart_policy":"never","args":["perl","-e",{{System.Text.Json.JsonSerializer.Serialize(probe)}},{{args}}]}
            """);
        await _wispd.WaitAsync("prober", "stopped");
        var lines = (await _wispd.LogAsync("prober")).Trim().Split('\n');
        Assert.Equal(
            [$"{targets[0]} silent", $"{targets[1]} silent", $"{targets[2]} silent", $"{targets[3]} silent", $"{targets[4]} open"], lines);
        // Behind the host's address (NAT), which is the only one the world could answer.
        Assert.Equal(world.HostAddress, await world.PeerAsync());
        await _wispd.DeleteAsync("prober");
        await _wispd.DeleteAsync("neighbour");
    }

    [Fact]
    public async Task The_vmm_is_nobody_and_sees_nothing()
    {
        var instance = await _wispd.RunAsync("jailed", "hello", Ports.Free(), policy: "off");
        var pid = _wispd.VmmPid(instance);
        var status = File.ReadAllLines($"/proc/{pid}/status").Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);
        var user = status["Uid"].Split('\t');
        Assert.All(user, id => Assert.True(int.Parse(id, CultureInfo.InvariantCulture) > 100_000));
        Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Equal("0000000000000000", status[set]));
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
        Assert.All((string[])["mnt", "pid", "net", "ipc", "uts"], kind =>
            Assert.NotEqual(File.ResolveLinkTarget($"/proc/self/ns/{kind}", false)!.Name, File.ResolveLinkTarget($"/proc/{pid}/ns/{kind}", false)!.Name));
        Assert.False(File.Exists($"/proc/{pid}/root/etc/shadow"));
        Assert.False(Directory.Exists($"/proc/{pid}/root{_wispd.Data.Images}/refs"));
        var groups = File.ReadAllText($"/proc/{pid}/cgroup");
        Assert.Contains($"/wisp/{_wispd.VmmId(instance)}", groups, StringComparison.Ordinal);
        await _wispd.DeleteAsync("jailed");
    }

    [Fact]
    public async Task A_sleeping_instance_uses_no_processor()
    {
        var instance = await _wispd.RunAsync("idle", "hello", Ports.Free());
        await _wispd.WaitAsync("idle", "standby");
        var pid = _wispd.VmmPid(instance);
        // It is asleep before its VMM has answered that it is.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var before = Ticks(pid);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(before, Ticks(pid));
        await _wispd.DeleteAsync("idle");
    }

    [Fact]
    public async Task A_machine_has_the_share_of_the_processors_that_its_priority_says()
    {
        var vmm = _wispd.VmmId(await _wispd.RunAsync("shared", "hello", Ports.Free(), policy: "off"));
        string[] files = [$"/sys/fs/cgroup/wisp/{vmm}/cpu.weight", $"/sys/fs/cgroup/cpu/wisp/{vmm}/cpu.shares"];
        var file = files.FirstOrDefault(File.Exists);
        if (file is null)
        {
            Assert.Skip("This host gives no control groups for processors.");
        }

        foreach (var (change, weight, shares) in new[] { ("\"op\": \"set\", \"value\": \"high\"", "400", "4096"), ("\"op\": \"del\"", "100", "1024") })
        {
            await _wispd.CallAsync(HttpMethod.Patch, "/v1/instances", $$"""{"name": "shared", "prop": "sched_priority", {{change}}}""");
            Assert.Equal(file == files[0] ? weight : shares, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
        }

        await _wispd.DeleteAsync("shared");
    }

    private static string Gateway(string guest)
    {
        var bytes = IPAddress.Parse(guest).GetAddressBytes();
        return $"{bytes[0]}.{bytes[1]}.{bytes[2] & 0xFC}.1";
    }

    private static (string, string) Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        return (fields[13], fields[14]);
    }
}
