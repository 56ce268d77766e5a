using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Wisp.Integration.Tests.Support;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Services;

/// <summary>Automatic certificates: a real wispd and Debian's pebble, judged by curl.</summary>
[Trait("needs", "vm")]
public sealed class AcmeTests : IAsyncLifetime
{
    // So that it is renewed within the test: after two thirds of it.
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(45);

    private readonly Wispd _wispd = new();
    private readonly int _http = Ports.Free();
    private readonly int _https = Ports.Free();
    private Pebble _pebble = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _pebble = await Pebble.StartAsync(_http, Life);

    public async ValueTask DisposeAsync()
    {
        await _wispd.DisposeAsync();
        await _pebble.DisposeAsync();
    }

    [Fact]
    public async Task A_domain_gets_a_certificate_that_curl_accepts_and_one_that_leads_elsewhere_is_told_why()
    {
        await StartAsync();
        await _pebble.LeadAsync("elsewhere.example.com", "127.0.0.2");
        await PublishAsync("web", "shop.example.com.", "elsewhere.example.com.");
        var shop = await CertificateAsync("shop.example.com", certificate => (string?)certificate["state"] == "valid");
        Assert.Equal("503 0", await CurlAsync("shop.example.com"));
        Assert.Contains("Pebble", (string?)shop["issuer"], StringComparison.Ordinal);
        Assert.Null(shop["validation"]);

        var elsewhere = await CertificateAsync("elsewhere.example.com", certificate => (int?)certificate["validation"]?["attempt"] == 1);
        Assert.Equal("pending", (string?)elsewhere["state"]);
        Assert.Contains("127.0.0.2", (string?)elsewhere["validation"]!["reason"], StringComparison.Ordinal);
        Assert.InRange(((DateTimeOffset)elsewhere["validation"]!["next"]! - TimeProvider.System.GetUtcNow()).TotalSeconds, 1, 60);

        // Nobody publishes port 80, and nobody is being validated: it is not open.
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, _http, Cancel);
        });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_wispd.Data.AcmeKey));

        await _wispd.KillAsync();
        await _wispd.StartAsync();
        Assert.Equal("503 0", await CurlAsync("shop.example.com"));

        Assert.Equal("success", (string?)(await _wispd.ItemAsync(HttpMethod.Delete, "/v1/services", """[{"name":"web"}]"""))["status"]);
        await UntilAsync(async () => (await _wispd.ListAsync("/v1/certificates")).Count == 0);
    }

    [Fact]
    public async Task It_is_renewed_while_requests_go_on_and_no_connection_is_dropped()
    {
        await StartAsync();
        await PublishAsync("web", "busy.example.com.");
        // Port 80 is another service's here, which goes on as well.
        Assert.Equal("success", (string?)(await _wispd.ItemAsync(HttpMethod.Post, "/v1/services", """
            {"name":"plain","services":[{"port":80,"destination_port":443,"handlers":["http","redirect"]}],"domains":[{"name":"busy.example.com."}]}
            """))["status"]);
        var first = await CertificateAsync("busy.example.com", certificate => (string?)certificate["state"] == "valid");

        using var kept = await ConnectAsync("busy.example.com");
        var connections = 0;
        using var over = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                using var another = await ConnectAsync("busy.example.com");
                Assert.Equal(503, await AskAsync(another, "busy.example.com"));
                connections++;
            }
        }, Cancel);
        var before = kept.RemoteCertificate!.GetSerialNumberString();
        await CertificateAsync("busy.example.com", certificate => (string?)certificate["serial_number"] != (string?)first["serial_number"], () => AskAsync(kept, "busy.example.com"));
        Assert.Equal(503, await AskAsync(kept, "busy.example.com"));
        await over.CancelAsync();
        await asking;
        Assert.InRange(connections, 1, int.MaxValue);
        using var after = await ConnectAsync("busy.example.com");
        Assert.Equal((string?)first["serial_number"], before);
        Assert.NotEqual(before, after.RemoteCertificate!.GetSerialNumberString());
        Assert.Equal("503 0", await CurlAsync("busy.example.com"));
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_http}/") { Headers = { Host = "busy.example.com" } };
        using var sent = await plain.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.MovedPermanently, sent.StatusCode);
    }

    [Fact]
    public async Task A_program_that_changes_the_dns_is_enough()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-hook-").FullName;
        try
        {
            var (hook, calls) = (Path.Combine(directory, "hook"), Path.Combine(directory, "calls"));
            await File.WriteAllTextAsync(hook, $$"""
                #!/bin/sh
                set -e
                echo "$1 $2" >> {{calls}}
                case $1 in
                    add) exec curl -sSf --noproxy '*' -d "{\"host\":\"$2.\",\"value\":\"$3\"}" {{_pebble.Resolver}}/set-txt ;;
                    remove) exec curl -sSf --noproxy '*' -d "{\"host\":\"$2.\"}" {{_pebble.Resolver}}/clear-txt ;;
                esac
                """, Cancel);
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await StartAsync("--acme-dns-hook", hook, "--acme-domains", "inside.example.com");
            // Whoever asks by HTTP finds nobody.
            await _pebble.LeadAsync("inside.example.com", "127.0.0.2");
            await PublishAsync("web", "inside.example.com.");
            await CertificateAsync("inside.example.com", certificate => (string?)certificate["state"] == "valid");
            Assert.Equal("503 0", await CurlAsync("inside.example.com"));
            // The program could put records for any host of the zone there.
            var refused = await _wispd.ItemAsync(HttpMethod.Post, "/v1/services", """{"name":"more","services":[{"port":443,"destination_port":8080,"handlers":["http","tls"]}],"domains":[{"name":"mail.example.com."}]}""");
            Assert.StartsWith("This node gets no certificate for 'mail.example.com'", (string?)refused["message"], StringComparison.Ordinal);
            Assert.Equal(["add _acme-challenge.inside.example.com", "remove _acme-challenge.inside.example.com"], (await File.ReadAllLinesAsync(calls, Cancel)).Take(2));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task An_authority_that_knows_its_users_otherwise_is_told_who_it_is()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-eab-").FullName;
        try
        {
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            await _pebble.DisposeAsync();
            _pebble = await Pebble.StartAsync(_http, Life, new Dictionary<string, string>(StringComparer.Ordinal) { ["kid-1"] = key });
            await StartAsync();
            Assert.Contains("--acme-eab-kid", await RefusedAsync("unbound"), StringComparison.Ordinal);

            var file = Path.Combine(directory, "hmac");
            await File.WriteAllTextAsync(file, new string('A', 43), Cancel);
            await _wispd.KillAsync();
            await StartAsync("--acme-eab-kid", "kid-1", "--acme-eab-key", file);
            Assert.Contains("It is the account that it does not take", await RefusedAsync("mistyped"), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, key + "\n", Cancel);
            await _wispd.KillAsync();
            await StartAsync("--acme-eab-kid", "kid-1", "--acme-eab-key", file);
            await PublishAsync("bound", "bound.example.com.");
            await CertificateAsync("bound.example.com", certificate => (string?)certificate["state"] == "valid");
            Assert.Equal("503 0", await CurlAsync("bound.example.com"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Another domain each time: what was refused is tried again a minute later.
    private async Task<string> RefusedAsync(string name)
    {
        await PublishAsync(name, $"{name}.example.com.");
        var refused = await CertificateAsync($"{name}.example.com", certificate => (int?)certificate["validation"]?["attempt"] == 1);
        return (string)refused["validation"]!["reason"]!;
    }

    private async Task StartAsync(params string[] options)
    {
        _wispd.Options = ["--http-port", $"{_http}", "--https-port", $"{_https}", "--acme", $"{_pebble.Url}", "--acme-ca", _pebble.ApiRoot, "--acme-email", "ops@example.com", .. options];
        await _wispd.StartAsync();
    }

    private async Task PublishAsync(string name, params string[] domains)
    {
        var made = await _wispd.ItemAsync(HttpMethod.Post, "/v1/services", new JsonObject
        {
            ["name"] = name,
            ["services"] = new JsonArray(new JsonObject { ["port"] = 443, ["destination_port"] = 8080, ["handlers"] = new JsonArray("http", "tls") }),
            ["domains"] = new JsonArray([.. domains.Select(domain => new JsonObject { ["name"] = domain })]),
        }.ToJsonString());
        Assert.True((string?)made["status"] == "success", made.ToJsonString());
    }

    private async Task<JsonObject> CertificateAsync(string host, Func<JsonObject, bool> isSo, Func<Task<int>>? meanwhile = null)
    {
        JsonObject? found = null;
        await UntilAsync(async () =>
        {
            found = (await _wispd.ListAsync("/v1/certificates?details=true")).SingleOrDefault(certificate => (string?)certificate["common_name"] == host);
            Assert.Equal(503, meanwhile is null ? 503 : await meanwhile());
            return found is not null && isSo(found);
        });
        return found!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await isSo())
        {
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<SslStream> ConnectAsync(string host)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _https, Cancel);
        var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, Cancel);
        return stream;
    }

    // The status; the answer has a length, so that the connection goes on.
    private static async Task<int> AskAsync(SslStream stream, string host)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), Cancel);
        var (buffer, read) = (new byte[16384], 0);
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(read), Cancel);
            Assert.NotEqual(0, count);
            read += count;
            var text = System.Text.Encoding.ASCII.GetString(buffer, 0, read);
            // A last chunk, or as many bytes as were announced.
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
            {
                continue;
            }

            var length = text[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?[15..];
            if (length is null ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : read - head - 4 == int.Parse(length))
            {
                return int.Parse(text[9..12]);
            }
        }
    }

    private async Task<string> CurlAsync(string host)
    {
        var ran = (await new ToolRunner().RunAsync(
            new ToolCommand(
                "curl", "-sS", "--max-time", "60", "--noproxy", "*", "--cacert", _pebble.Root, "--resolve", $"{host}:{_https}:127.0.0.1", "-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}",
                $"https://{host}:{_https}/"),
            null, Cancel)).Value;
        Assert.True(ran.Ok, ran.Stderr);
        return ran.Stdout.TrimEnd('\n');
    }
}
