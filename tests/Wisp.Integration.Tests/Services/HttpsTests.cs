using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Services;

/// <summary>HTTPS in front of real machines, judged by curl and openssl.</summary>
[Trait("needs", "vm")]
public sealed class HttpsTests(Node node) : IAsyncLifetime
{
    private readonly Wispd _wispd = node.Wispd;
    private readonly string _name = $"tls-{Guid.NewGuid():N}"[..12];
    private string Root => Path.Combine(_wispd.Data.Root, "ca", "ca.pem");
    private string Host => _name + ".localhost";
    private string Url => $"https://{Host}:{node.HttpsPort}";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/instances", $$"""
            {"name":"{{_name}}","image":"hello","autostart":true,"timeout_s":120,
             "service_group":{"domains":[{"name":"{{_name}}"}],"services":[
               {"port":443,"destination_port":8080,"handlers":["http","tls"]},{"port":80,"destination_port":443,"handlers":["http","redirect"]}]},
             "scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":300} }
            """);
        Assert.Null(made["error"]?.ToJsonString());
    }

    public async ValueTask DisposeAsync() => await _wispd.DeleteAsync(_name);

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_trusts_the_node_and_a_sleeping_instance_answers_in_either_version(string version, string spoken)
    {
        await _wispd.WaitAsync(_name, "standby");
        var told = await CurlAsync(version, "--cacert", Root, "-o", "/dev/null", "-w", "%{http_code} %{http_version} %{ssl_verify_result}", Url + "/count");
        Assert.Equal($"200 {spoken} 0", told);
    }

    [Fact]
    public async Task Plain_http_is_sent_on_and_wakes_nobody()
    {
        await _wispd.WaitAsync(_name, "standby");
        Assert.Equal($"301 {Url}/count?a=b", await CurlAsync("-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", $"http://{Host}:{node.HttpPort}/count?a=b"));
        Assert.Equal("standby", (await _wispd.InstanceAsync(_name))["state"]!.GetValue<string>());
        Assert.Equal("200", await CurlAsync("-L", "--cacert", Root, "-o", "/dev/null", "-w", "%{http_code}", $"http://{Host}:{node.HttpPort}/count"));
    }

    [Fact]
    public async Task An_unknown_host_is_told_and_an_unknown_authority_is_refused_by_the_client()
    {
        Assert.Equal("There is no service on this URL.", await CurlAsync("-k", $"https://nobody-at-all.localhost:{node.HttpsPort}/"));
        var refused = await RunAsync("curl", "-sS", "--max-time", "60", Url);
        Assert.Equal(60, refused.ExitCode);
    }

    [Theory]
    [InlineData("-tls1", false)]
    [InlineData("-tls1_1", false)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    public async Task Only_what_is_safe_is_spoken(string version, bool isSpoken)
    {
        // At this level the client would speak the old versions.
        var told = await OpenSslAsync("", version, "-cipher", "DEFAULT@SECLEVEL=0");
        if (isSpoken)
        {
            Assert.Contains($"subject=CN = {Host}", told, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("Cipher is (NONE)", told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_is_resumed(string version)
    {
        var session = Path.GetTempFileName();
        try
        {
            // With version 1.3 a ticket comes after the handshake, with the first answer.
            var request = $"GET /count HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\n\r\n";
            Assert.Contains("New, TLSv1", await OpenSslAsync(request, version, "-sess_out", session, "-ign_eof"), StringComparison.Ordinal);
            Assert.Contains("Reused, TLSv1", await OpenSslAsync(request, version, "-sess_in", session, "-ign_eof"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(session);
        }
    }

    [Fact]
    public async Task An_uploaded_certificate_is_presented_and_renewed_without_a_request_lost()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-cert-").FullName;
        try
        {
            var (chain, body) = await MakeAsync(directory);
            var uploaded = await _wispd.ItemAsync(HttpMethod.Post, "/v1/certificates", $$"""{"name":"{{_name}}","cn":"{{Host}}.",{{body}}}""");
            Assert.Equal("valid", (string?)uploaded["state"]);
            var group = (string)(await _wispd.InstanceAsync(_name))["service_group"]!["uuid"]!;
            var changed = await _wispd.ItemAsync(HttpMethod.Patch, "/v1/services", $$"""[{"uuid":"{{group}}","prop":"domains","op":"set","value":[{"name":"{{_name}}","certificate":{"name":"{{_name}}"} }]}]""");
            Assert.Equal("success", (string?)changed["status"]);
            Assert.Equal("200", await CurlAsync("--cacert", chain, "-o", "/dev/null", "-w", "%{http_code}", Url));

            using var over = new CancellationTokenSource();
            var asking = AskAllTheTimeAsync(over.Token);
            for (var renewal = 0; renewal < 3; renewal++)
            {
                (chain, body) = await MakeAsync(directory);
                Assert.Equal("success", (string?)(await _wispd.ItemAsync(HttpMethod.Put, "/v1/certificates", $$"""[{"name":"{{_name}}",{{body}}}]"""))["status"]);
                Assert.Equal("200", await CurlAsync("--cacert", chain, "-o", "/dev/null", "-w", "%{http_code}", Url));
            }

            await over.CancelAsync();
            Assert.InRange(await asking, 1, int.MaxValue);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Wisp_trust_makes_this_machine_accept_it_until_it_is_taken_back()
    {
        var trusted = await RunWispAsync("trust");
        try
        {
            Assert.True(trusted.Ok, trusted.Stderr);
            Assert.Equal("200", await CurlAsync("-o", "/dev/null", "-w", "%{http_code}", Url));
        }
        finally
        {
            Assert.True((await RunWispAsync("trust", "--remove")).Ok);
        }

        Assert.Equal(60, (await RunAsync("curl", "-sS", "--max-time", "60", Url)).ExitCode);
        Assert.All(Directory.GetFileSystemEntries("/etc/ssl/certs"), link => Assert.True(File.ResolveLinkTarget(link, returnFinalTarget: true)?.Exists != false, link));
        Assert.Equal((await File.ReadAllTextAsync(Root, Cancel)).Trim(), (await RunWispAsync("trust", "--print")).Stdout.Trim());
    }

    private async Task<int> AskAllTheTimeAsync(CancellationToken over)
    {
        // Each over a connection of its own, so that each has a handshake of its own.
        using var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            // Not every resolver knows what is under localhost.
            ConnectCallback = async (to, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, to.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler);
        var answered = 0;
        while (!over.IsCancellationRequested)
        {
            using var answer = await client.GetAsync(new Uri(Url + "/count"), Cancel);
            Assert.True(answer.IsSuccessStatusCode);
            answered++;
        }

        return answered;
    }

    private async Task<(string Chain, string Body)> MakeAsync(string directory)
    {
        var (chain, key) = (Path.Combine(directory, "chain.pem"), Path.Combine(directory, "key.pem"));
        var made = await RunAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=" + Host, "-addext", "subjectAltName=DNS:" + Host, "-keyout", key, "-out", chain);
        Assert.True(made.Ok, made.Stderr);
        var material = new JsonObject { ["chain"] = await File.ReadAllTextAsync(chain, Cancel), ["pkey"] = await File.ReadAllTextAsync(key, Cancel) };
        return (chain, material.ToJsonString().Trim('{', '}'));
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        var ran = await RunAsync("curl", ["-sS", "--max-time", "60", .. arguments]);
        Assert.True(ran.Ok, ran.Stderr);
        return ran.Stdout.TrimEnd('\n');
    }

    private async Task<string> OpenSslAsync(string input, params string[] arguments)
    {
        var ran = await new ToolRunner().RunAsync(
            new ToolCommand("openssl", ["s_client", "-connect", $"127.0.0.1:{node.HttpsPort}", "-servername", Host, "-CAfile", Root, .. arguments]) { Input = input }, null, Cancel);
        return ran.Value.Stdout + ran.Value.Stderr;
    }

    private Task<ToolOutput> RunWispAsync(params string[] arguments) =>
        RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "wisp.dll"), .. arguments, "--data-dir", _wispd.Data.Root]);

    private static async Task<ToolOutput> RunAsync(string program, params string[] arguments) =>
        (await new ToolRunner().RunAsync(new ToolCommand(program, arguments), null, Cancel)).Value;
}
