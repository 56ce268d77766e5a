using System.Net;
using System.Net.Sockets;
using Wisp.Integration.Tests.Support;
using Wisp.Tools;

namespace Wisp.Integration.Tests;

/// <summary>Each mistake gets an answer that names the thing and the next step, and costs nobody anything.</summary>
[Trait("needs", "vm")]
public sealed class BadInputTests(Node node)
{
    private readonly Wispd _wispd = node.Wispd;

    [Fact]
    public async Task An_image_without_a_command_is_refused_with_the_way_out()
    {
        await node.ImageAsync("no-cmd");
        var answer = await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", """{"name":"mute","image":"no-cmd","autostart":true}""");
        Assert.Contains("neither CMD nor ENTRYPOINT", answer.ToJsonString(), StringComparison.Ordinal);
        await _wispd.DeleteAsync("mute");
    }

    [Fact]
    public async Task One_that_ends_at_once_says_its_exit_code_and_can_be_inspected()
    {
        await node.ImageAsync("exit3");
        var answer = await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", """{"name":"short","image":"exit3","memory_mb":128,"autostart":true,"timeout_s":60,"restart_policy":"never"}""");
        await _wispd.WaitAsync("short", "stopped");
        Assert.Equal(3, (await _wispd.InstanceAsync("short"))["exit_code"]!.GetValue<int>());
        Assert.NotNull(answer["data"]);
        await _wispd.DeleteAsync("short");
    }

    [Fact]
    public async Task One_that_never_opens_its_port_lets_the_wait_time_out_and_stays_inspectable()
    {
        await node.ImageAsync("never-listens");
        var port = Ports.Free();
        var answer = await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"deaf","image":"never-listens","memory_mb":128,"autostart":true,"timeout_s":20,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]} }
            """);
        var item = answer["data"]!["instances"]![0]!;
        Assert.Equal("starting", (await _wispd.InstanceAsync("deaf"))["state"]!.GetValue<string>());
        Assert.Contains("8080", item.ToJsonString(), StringComparison.Ordinal);
        using var client = new HttpClient();
        using var refused = await client.GetAsync($"http://127.0.0.1:{port}/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await _wispd.DeleteAsync("deaf");
    }

    [Theory]
    [InlineData("8")]
    [InlineData("10000000000")]
    public async Task Memory_that_cannot_be_is_refused(string memory)
    {
        var answer = await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", $$"""{"name":"odd","image":"hello","memory_mb":{{memory}}}""");
        Assert.Equal("error", answer["status"]!.GetValue<string>());
        Assert.Contains("memory_mb", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("odd", (await _wispd.CallAsync(HttpMethod.Get, "/v1/instances"))["data"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_nothing_is_created()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var answer = await _wispd.CallAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"late","image":"hello","memory_mb":128,"autostart":true,
             "service_group":{"services":[{"ip":"127.0.0.1","port":{{port}},"destination_port":8080,"handlers":["http"]}]} }
            """);
        Assert.Equal("error", answer["status"]!.GetValue<string>());
        Assert.Contains($"Port {port} of 127.0.0.1 is taken", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"late\"", (await _wispd.CallAsync(HttpMethod.Get, "/v1/instances"))["data"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_token_there_is_no_answer_but_no()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_wispd.Endpoint) };
        using var missing = await client.GetAsync("/v1/instances");
        Assert.Equal(HttpStatusCode.Unauthorized, missing.StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        using var wrong = await client.GetAsync("/v1/instances");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("token", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_root_is_told_what_is_needed()
    {
        // Nobody, who still may read a checkout in root's home.
        var ran = await RunWispdAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("needs root", ran.Stderr, StringComparison.Ordinal);
        Assert.Contains("sudo", ran.Stderr, StringComparison.Ordinal);
    }

    // In a mount namespace in which QEMU is whited out, as if it had never been installed.
    [Fact]
    public async Task A_missing_qemu_is_named_with_its_package()
    {
        const string hide =
            "set -e; d=$(mktemp -d); mount -t tmpfs wisp-hide $d; mkdir $d/u $d/w; mknod $d/u/qemu-system-x86_64 c 0 0; "
            + "mount -t overlay -o lowerdir=/usr/bin,upperdir=$d/u,workdir=$d/w overlay /usr/bin; exec \"$@\"";
        var ran = await RunWispdAsync("unshare", "--mount", "--propagation", "private", "sh", "-c", hide, "sh");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("qemu-system-x86_64", ran.Stderr, StringComparison.Ordinal);
        Assert.Contains("apt-get install qemu-system-x86", ran.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WISP_ACME_EMAIL=ops@example.com", "--acme")]
    [InlineData("WISP_ACME_CA=/root.pem", "--acme")]
    [InlineData("WISP_ACME_DNS_HOOK=/bin/true", "--acme")]
    [InlineData("WISP_ACME_DOMAINS=example.com", "--acme")]
    [InlineData("WISP_ACCESS_LOG_SAMPLE=0.1", "--access-log")]
    public async Task A_variable_that_does_nothing_alone_is_refused(string variable, string without)
    {
        var ran = await RunWispdAsync("env", variable);
        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains($"{variable.Split('=')[0]} does nothing without {without}:", ran.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var wispd = new Wispd();
        var ran = await wispd.RunOnceAsync("serve", "--data-dir", wispd.Data.Root, "--listen", taken.LocalEndpoint.ToString()!);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(taken.LocalEndpoint.ToString()!, ran.Stderr, StringComparison.Ordinal);
        Assert.Contains("--listen", ran.Stderr, StringComparison.Ordinal);
    }

    private static async Task<ToolOutput> RunWispdAsync(string program, params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("wisp-it-");
        try
        {
            var ran = await new ToolRunner().RunAsync(
                new ToolCommand(program, [.. arguments, "dotnet", Wispd.Program, "serve", "--data-dir", data.FullName, "--listen", "127.0.0.1:0"]),
                null, TestContext.Current.CancellationToken);
            return ran.Value;
        }
        finally
        {
            await new ToolRunner().RunAsync(new ToolCommand("dotnet", Wispd.Program, "down", "--data-dir", data.FullName));
            data.Delete(recursive: true);
        }
    }
}
