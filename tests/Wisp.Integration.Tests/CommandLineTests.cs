using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Wisp.Integration.Tests.Support;

namespace Wisp.Integration.Tests;

/// <summary>The command over a real wispd.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Of_two_who_start_wispd_at_once_one_does_and_both_succeed()
    {
        await using var cli = new WispCommand();
        var ups = await Task.WhenAll(cli.RunAsync("up", "--listen", "127.0.0.1:0", "-o", "json"), cli.RunAsync("up", "--listen", "127.0.0.1:0", "-o", "json"));
        Assert.All(ups, up => Assert.True(up.ExitCode == 0, up.Error));
        Assert.Single(ups, up => up.Error.Contains("wispd runs already.", StringComparison.Ordinal));
        Assert.Equal(ups[0].Output, ups[1].Output);

        using var status = JsonDocument.Parse((await cli.RunAsync("status", "-o", "json")).Output);
        var pid = status.RootElement.GetProperty("pid").GetInt32();
        Assert.Equal(cli.DataDirectory, status.RootElement.GetProperty("data_dir").GetString());
        Assert.True(File.Exists(status.RootElement.GetProperty("token_file").GetString()));
        Assert.Contains(status.RootElement.GetProperty("accelerator").GetString(), (string[])["kvm", "tcg"]);
        // In a session of its own: the sixth field of stat(5) is the session, and its leader is itself.
        Assert.Equal(pid.ToString(System.Globalization.CultureInfo.InvariantCulture), (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(") ")[1].Split(' ')[3]);

        using var wispd = Process.GetProcessById(pid);
        var down = await cli.RunAsync("down");
        Assert.Equal(0, down.ExitCode);
        Assert.Contains("Stopped wispd.", down.Output, StringComparison.Ordinal);
        await wispd.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, (await cli.RunAsync("status")).ExitCode);
    }

    [Fact]
    public async Task A_log_that_has_grown_long_begins_anew()
    {
        await using var cli = new WispCommand();
        var log = Path.Combine(cli.DataDirectory, "wispd.log");
        await using (var grown = File.Create(log))
        {
            grown.SetLength(9 << 20);
        }

        var up = await cli.RunAsync("up", "--listen", "127.0.0.1:0");
        Assert.True(up.ExitCode == 0, up.Error);
        Assert.Equal(9 << 20, new FileInfo(log + ".1").Length);
        Assert.InRange(new FileInfo(log).Length, 1, 1 << 20);
    }

    [Fact]
    public async Task A_wispd_that_cannot_start_says_why()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var cli = new WispCommand();
        var up = await cli.RunAsync("up", "--listen", taken.LocalEndpoint.ToString()!);
        Assert.Equal((1, ""), (up.ExitCode, up.Output));
        Assert.Contains($"error: The API cannot listen on {taken.LocalEndpoint}", up.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_new_instances_take_the_place_of_old_ones_no_request_fails()
    {
        await using var cli = new WispCommand();
        var up = await cli.RunAsync("up", "--listen", "127.0.0.1:0");
        Assert.True(up.ExitCode == 0, up.Error);
        var hello = Path.Combine(Node.Root, "examples", "hello");
        var port = Ports.Free();
        Assert.Equal(0, (await cli.RunAsync("services", "create", "--service", $"{port}:8080", "-n", "web")).ExitCode);
        var one = await cli.RunAsync("run", hello, "-n", "one", "--service", "web");
        Assert.True(one.ExitCode == 0, one.Error);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskUntilAsync($"http://127.0.0.1:{port}/", enough.Token)));
        var two = await cli.RunAsync("run", hello, "-n", "two", "--service", "web", "--rollout", "rolling");
        Assert.True(two.ExitCode == 0, two.Error);
        Assert.Contains("Instance 'one' is stopped and deleted.", two.Error, StringComparison.Ordinal);

        // One that does not come up leaves the other to serve.
        var bad = await cli.RunAsync("run", Path.Combine(Node.Root, "tests", "assets", "images", "exit3"), "-n", "bad", "--service", "web", "--rollout", "rolling");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("What service 'web' had, goes on: two.", bad.Error, StringComparison.Ordinal);
        await enough.CancelAsync();
        Assert.All(await load, asked => Assert.True(asked > 0));

        Assert.Equal(0, (await cli.RunAsync("instances", "delete", "bad")).ExitCode);
        // The same name is free once the old one has gone.
        var again = await cli.RunAsync("run", hello, "-n", "two", "--service", "web", "--rollout", "replace");
        Assert.True(again.ExitCode == 0, again.Error);
        using var client = new HttpClient();
        Assert.True((await client.GetAsync($"http://127.0.0.1:{port}/", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    // A connection for each request, so that each is given to an instance anew; one that fails ends the test.
    private static async Task<int> AskUntilAsync(string url, CancellationToken enough)
    {
        for (var asked = 0; ; asked++)
        {
            using var client = new HttpClient();
            using var answer = await client.GetAsync(url, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            if (enough.IsCancellationRequested)
            {
                return asked + 1;
            }
        }
    }

    [Fact]
    public async Task A_tunnel_leads_to_a_port_that_is_not_published_and_wakes_its_instance()
    {
        await using var cli = new WispCommand();
        var up = await cli.RunAsync("up", "--listen", "127.0.0.1:0");
        Assert.True(up.ExitCode == 0, up.Error);
        // The port that is published is another one, so that it sleeps.
        var made = await cli.RunAsync("run", Path.Combine(Node.Root, "tests", "assets", "images", "tcp-echo"), "-n", "echo", "-p", $"{Ports.Free()}:9000/tcp");
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Equal(0, (await cli.RunAsync("services", "edit", await ServiceOfAsync(cli, "echo"), "--set", $"services={Ports.Free()}:9001/tcp")).ExitCode);
        var asleep = await cli.RunAsync("instances", "wait", "echo", "--until", "standby", "--timeout", "30s");
        Assert.True(asleep.ExitCode == 0, asleep.Error);

        using var tunnel = cli.Start("tunnel", "0:echo:9000", "0:echo:9002", "-o", "template={{.local}}");
        try
        {
            var local = IPEndPoint.Parse((await tunnel.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            var nobody = IPEndPoint.Parse((await tunnel.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(local, TestContext.Current.CancellationToken);
                var sent = new byte[3_000_000];
                Random.Shared.NextBytes(sent);
                // The end of what is sent travels, too: the guest ends its side when it has echoed all.
                var sending = Task.Run(async () =>
                {
                    await client.GetStream().WriteAsync(sent, TestContext.Current.CancellationToken);
                    client.Client.Shutdown(SocketShutdown.Send);
                });
                using var back = new MemoryStream();
                var buffer = new byte[65_536];
                while (await client.Client.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count)
                {
                    back.Write(buffer, 0, count);
                }

                await sending;
                Assert.Equal(sent, back.ToArray());
            }

            // One that is silent keeps it awake for longer than its cooldown.
            using (var held = new TcpClient())
            {
                await held.ConnectAsync(local, TestContext.Current.CancellationToken);
                await held.GetStream().WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
                await held.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
                Assert.Equal(124, (await cli.RunAsync("instances", "wait", "echo", "--until", "standby", "--timeout", "3s")).ExitCode);
            }

            // Where nobody listens, the connection ends and the tunnel goes on.
            using (var refused = new TcpClient())
            {
                await refused.ConnectAsync(nobody, TestContext.Current.CancellationToken);
                Assert.Equal(0, await refused.Client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
            }

            Assert.False(tunnel.HasExited);
            Assert.Equal(0, (await cli.RunAsync("instances", "wait", "echo", "--until", "standby", "--timeout", "30s")).ExitCode);
        }
        finally
        {
            tunnel.Kill();
            await tunnel.WaitForExitAsync();
        }
    }

    private static async Task<string> ServiceOfAsync(WispCommand cli, string instance) =>
        (await cli.RunAsync("instances", "get", instance, "-o", "template={{.service.name}}")).Output.Trim();

    [Fact]
    public async Task A_user_builds_runs_and_publishes_and_hears_of_what_fails()
    {
        await using var cli = new WispCommand();
        var up = await cli.RunAsync("up", "--listen", "127.0.0.1:0");
        Assert.True(up.ExitCode == 0, up.Error);
        string Image(string name) => Path.Combine(Node.Root, "tests", "assets", "images", name);

        // Directories are built first; what ends at once with an error is an error.
        var short3 = await cli.RunAsync("run", Image("exit3"), "-n", "short");
        Assert.Equal(1, short3.ExitCode);
        Assert.Contains("error: Instance 'short' ended at once with exit code 3.", short3.Error, StringComparison.Ordinal);
        Assert.Contains("wisp instances logs short", short3.Error, StringComparison.Ordinal);

        var port = Ports.Free();
        var echo = await cli.RunAsync("run", Image("tcp-echo"), "-n", "echo", "-p", $"{port}:9000/tcp");
        Assert.True(echo.ExitCode == 0, echo.Error);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
            var back = new byte[5];
            await client.GetStream().ReadExactlyAsync(back, TestContext.Current.CancellationToken);
            Assert.Equal("hello"u8.ToArray(), back);
        }

        // What is published sleeps unless it is told not to.
        var waited = await cli.RunAsync("instances", "wait", "echo", "--until", "standby", "--timeout", "30s");
        Assert.True(waited.ExitCode == 0, waited.Error);
        using var list = JsonDocument.Parse((await cli.RunAsync("instances", "list", "-o", "json")).Output);
        Assert.Equal(["echo", "short"], list.RootElement.EnumerateArray().Select(item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.Contains("listening on port 9000", (await cli.RunAsync("instances", "logs", "echo")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await cli.RunAsync("instances", "get", "nobody")).ExitCode);
        Assert.Equal(0, (await cli.RunAsync("instances", "delete", "echo", "short")).ExitCode);
    }
}
